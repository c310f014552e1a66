// The generated types, and names for two unions within them.

import type { Act, Update } from "@/wire/frames";

export type * from "@/wire/frames";
export type Event = Update["events"][number];
export type Action = Act["action"];
