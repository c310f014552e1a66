"use client";

import clsx from "clsx";
import { type Filter, type Order, ORDERS, SIZES } from "./listing";

const SIZE_NAMES = { all: "All", "2": "Heads-up", "6": "6-max", "9": "9-max" };
const ORDER_NAMES = { lively: "Liveliest", stakes: "Highest stakes", pot: "Largest pots" };

type Props = { filter: Filter; order: Order; onFilter: (filter: Filter) => void; onOrder: (order: Order) => void };

export function Filters({ filter, order, onFilter, onOrder }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <div role="group" aria-label="Size of table" className="flex rounded-md bg-ink-900 p-1 ring-1 ring-line ring-inset">
        {SIZES.map((size) => (
          <button
            key={size} type="button" aria-pressed={filter.size === size} onClick={() => onFilter({ ...filter, size })}
            className={clsx("h-9 rounded-sm px-2.5 text-sm sm:px-3", filter.size === size ? "bg-ink-700 font-semibold text-text" : "text-soft hover:text-text")}
          >
            {SIZE_NAMES[size]}
          </button>
        ))}
      </div>
      <label className="flex h-11 items-center gap-2 text-[0.9375rem] text-soft">
        <input
          type="checkbox" checked={filter.free} className="size-4.5 accent-accent"
          onChange={(event) => onFilter({ ...filter, free: event.target.checked })}
        />
        A free seat
      </label>
      <label className="ml-auto flex min-w-0 items-center gap-2 text-sm text-faint">
        <span className="sr-only">Order</span>
        <select
          value={order} onChange={(event) => onOrder(event.target.value as Order)}
          className="h-11 rounded-md bg-ink-900 px-3 text-[0.9375rem] text-text ring-1 ring-line ring-inset"
        >
          {ORDERS.map((each) => (
            <option key={each} value={each}>
              {ORDER_NAMES[each]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
