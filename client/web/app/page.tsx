import { Lobby } from "@/lobby/lobby";
import { Shell } from "@/ui/shell";

export default function Page() {
  return (
    <Shell>
      <Lobby />
    </Shell>
  );
}
