import { Shell } from "@/ui/shell";

export default function Page() {
  return (
    <Shell>
      <h1 className="font-display text-4xl">Squaredeal</h1>
    </Shell>
  );
}
