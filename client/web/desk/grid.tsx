import clsx from "clsx";
import type { ReactNode } from "react";

export interface Column<Row> {
  name: string;
  cell: (row: Row) => ReactNode;
  right?: boolean;
  /** Left away on narrow screens. */
  wide?: boolean;
}

/** A dense table of rows; it scrolls within itself where it is too wide. */
export function Grid<Row>({
  label, columns, rows, of, empty, testid,
}: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  of: (row: Row) => string | number;
  empty: ReactNode;
  testid?: string;
}) {
  if (!rows.length) return <p className="px-3 py-6 text-center text-sm text-faint">{empty}</p>;
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={label}>
      <table className="figures w-full text-[0.8125rem] leading-5" data-testid={testid}>
        <thead className="text-left text-xs text-faint">
          <tr>
            {columns.map(({ name, right, wide }) => (
              <th key={name} scope="col" className={clsx("px-3 py-1.5 font-medium whitespace-nowrap", right && "text-right", wide && "max-lg:hidden")}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {rows.map((row) => (
            <tr key={of(row)} className="hover:bg-ink-800/70">
              {columns.map(({ name, cell, right, wide }) => (
                <td key={name} className={clsx("px-3 py-1.5 align-middle", right && "text-right whitespace-nowrap", wide && "max-lg:hidden")}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TONES = {
  good: "text-good ring-good/40", warn: "text-warn ring-warn/40", bad: "text-bad ring-bad/40", plain: "text-soft ring-line-strong",
};

/** A word for a state; the word says it, the colour helps. */
export function Tag({ tone = "plain", children }: { tone?: keyof typeof TONES; children: ReactNode }) {
  return <span className={clsx("inline-flex rounded-sm px-1.5 text-xs leading-5 whitespace-nowrap ring-1 ring-inset", TONES[tone])}>{children}</span>;
}
