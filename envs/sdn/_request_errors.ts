/**
 * What went wrong with a request, in words.
 *
 * @module
 */

/** The beginning of a text, on one line. */
export function excerpt(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 80)}...` : line;
}

/** What went wrong, in the words of who knows most. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Whether a request never reached the server. */
export function isUnconnected(error: unknown): boolean {
  return /client error \(Connect\)/.test(detailOf(error));
}

/** Why a request was not answered. */
export function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `no answer within ${timeoutMs} ms`;
  }
  const detail = detailOf(error);
  if (/connection refused/i.test(detail)) return "nobody listens there";
  return excerpt(
    detail.replace(/^error sending request for url \(.*?\): /, ""),
  );
}
