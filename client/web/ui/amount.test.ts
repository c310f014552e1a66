import { describe, expect, it } from "vitest";
import { amount, money, stakes } from "./amount";

describe("amounts", () => {
  it("groups thousands and places the cents", () => {
    expect(amount(0)).toBe("0");
    expect(amount(1234567)).toBe("1,234,567");
    expect(amount(123456, 2)).toBe("1,234.56");
    expect(amount(5, 2)).toBe("0.05");
    expect(amount(-120000, 2)).toBe("−1,200");
    expect(amount(-120000, 2, false)).toBe("−1,200.00");
  });

  it("names a currency, and leaves chips alone", () => {
    expect(money(98000, "PLAY")).toBe("98,000");
    expect(money(98000, "EUR", 2)).toBe("980.00 EUR");
    expect(stakes(50, 100, 2)).toBe("0.50 / 1");
  });
});
