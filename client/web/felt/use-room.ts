// A room for as long as a page shows it.

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { Room, type RoomView } from "@/room/room";
import { browserWorld, type Access, type Role } from "@/room/world";

export interface UsedRoom {
  room: Room;
  view: RoomView;
  role: Role;
  /** From the rail to the table: a new line, to the table itself. */
  comeIn: () => void;
}

/** A room, and how to come in as somebody else with its next line. */
function opened(table: string, access: Access, begin: Role): { room: Room; enter: (role: Role) => void } {
  let role = begin;
  const room = new Room(table, browserWorld(() => access.ticket(table, role)), () => !document.hidden);
  const enter = (next: Role): void => {
    role = next;
    room.restart();
  };
  return { room, enter };
}

export function useRoom(table: string, access: Access, begin: Role): UsedRoom {
  const [{ room, enter }] = useState(() => opened(table, access, begin));
  const [role, setRole] = useState(begin);
  useEffect(() => {
    room.restart();
    return () => room.line.stop();
  }, [room]);
  useEffect(() => {
    const back = (): void => room.line.hurry();
    const gone = (): void => room.line.drop();
    window.addEventListener("online", back);
    window.addEventListener("offline", gone);
    document.addEventListener("visibilitychange", back);
    return () => {
      window.removeEventListener("online", back);
      window.removeEventListener("offline", gone);
      document.removeEventListener("visibilitychange", back);
    };
  }, [room]);
  const view = useSyncExternalStore(room.subscribe, room.snapshot, room.snapshot);
  const comeIn = useCallback(() => {
    enter("seat");
    setRole("seat");
  }, [enter]);
  return { room, view, role, comeIn };
}
