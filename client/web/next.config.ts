import type { NextConfig } from "next";

/** A folder of files: the gateway serves it, no Node runs beside the server. */
const config: NextConfig = {
  output: "export",
  trailingSlash: true, // /table/ is table/index.html, on any server of files
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  turbopack: { root: import.meta.dirname },
};

export default config;
