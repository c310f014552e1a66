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

/** A room, and by which door its next line comes in. */
function opened(table: string, access: Access, begin: Role): { room: Room; door: { role: Role } } {
  const door = { role: begin };
  const world = browserWorld(() => access.ticket(table, door.role));
  return { room: new Room(table, world, () => !document.hidden), door };
}

export function useRoom(table: string, access: Access, begin: Role): UsedRoom {
  const [{ room, door }] = useState(() => opened(table, access, begin));
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
    // The line looks at the door when it comes back; nothing is drawn from it.
    // eslint-disable-next-line react-hooks/immutability
    door.role = "seat";
    setRole("seat");
    room.restart();
  }, [door, room]);
  return { room, view, role, comeIn };
}
