/**
 * The first key that stands twice in one object of a JSON text. `JSON.parse`
 * silently keeps the last, so that two readers can see two contents.
 *
 * @param json A well-formed JSON text.
 */
export function duplicateKey(json: string): string | undefined {
  const objects: (Set<string> | null)[] = [];
  let text = "";
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g)) {
    if (token === "{") objects.push(new Set());
    else if (token === "[") objects.push(null);
    else if (token === "}" || token === "]") objects.pop();
    else if (token === ":") {
      const keys = objects.at(-1)!;
      const key = JSON.parse(text);
      if (keys.has(key)) return key;
      keys.add(key);
    } else text = token;
  }
}
