import { defineConfig, globalIgnores } from "eslint/config";
import nextVitals from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";

export default defineConfig([
  ...nextVitals,
  ...nextTypescript,
  { rules: { "@typescript-eslint/consistent-type-imports": "error", "no-console": "error" } },
  globalIgnores([".next/**", "out/**", "next-env.d.ts", "wire/api.ts", "wire/frames.ts"]),
]);
