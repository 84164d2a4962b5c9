/**
 * The text of a request's body.
 *
 * @param request The request.
 * @param longest A longer body, in bytes, is not read any further.
 * @returns undefined where it is longer.
 */
export async function bodyText(
  { body }: Request,
  longest: number,
): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const bytes of body ?? []) {
    length += bytes.length;
    if (length > longest) return undefined;
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}
