// Types of the HTTP API and of the table's frames, made from the server's own documents: standard
// input is {api, frames}, as `python -m serve.webtypes` sends it. With --check nothing is
// written; the status says whether the files are current.
import { readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";

const HEAD = "// Made by `python -m serve.webtypes`; do not edit.\n\n";

/** JSON Schema of frames as the components of an OpenAPI document: one generator for both. */
function asComponents({ $defs, client, server }) {
  const schemas = { ...$defs, ClientFrame: client, ServerFrame: server };
  const text = JSON.stringify(schemas).replaceAll("#/$defs/", "#/components/schemas/");
  const info = { title: "frames", version: "1" };
  return { openapi: "3.1.0", info, paths: {}, components: { schemas: JSON.parse(text) } };
}

/** Every object is what the server sends: its fields without a default are there. */
async function types(document) {
  const options = { alphabetize: true, defaultNonNullable: false, rootTypes: true, rootTypesNoSchemaPrefix: true };
  return HEAD + astToString(await openapi(document, options));
}

const given = JSON.parse(await new Response(process.stdin).text());
const made = { "api.ts": await types(given.api), "frames.ts": await types(asComponents(given.frames)) };
for (const [name, text] of Object.entries(made)) {
  const file = new URL(name, import.meta.url);
  if (!process.argv.includes("--check")) await writeFile(file, text);
  else if ((await readFile(file, "utf-8")) !== text) {
    process.stdout.write(`wire/${name} is not current: python -m serve.webtypes\n`);
    process.exitCode = 1;
  }
}
