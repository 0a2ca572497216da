import type { Json } from './model.ts'

type JsonObject = { readonly [name: string]: Json }

const isJsonObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function withoutIn(value: Json, path: string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutIn(item, path))
  return isJsonObject(value) ? withoutPath(value, path) : value
}

/** A name may contain dots itself, so each beginning of the path is looked for. */
function withoutPath(attributes: JsonObject, path: string): JsonObject {
  const kept = Object.entries(attributes)
    .filter(([name]) => name !== path)
    .map(([name, value]): [string, Json] =>
      path.startsWith(`${name}.`) ? [name, withoutIn(value, path.slice(name.length + 1))] : [name, value],
    )
  return Object.fromEntries(kept)
}

/** Attributes without those at these dotted paths, in lists too; what is given stays as it is. */
export const withoutAttributes = (
  attributes: Readonly<Record<string, Json>>,
  paths: readonly string[],
): Readonly<Record<string, Json>> => paths.reduce(withoutPath, attributes)
