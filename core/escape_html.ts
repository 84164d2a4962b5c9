/**
 * Texts within HTML.
 *
 * @module
 */

/**
 * A text that can stand in HTML, also within quotes.
 *
 * @param text Any text.
 */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;")
    .replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
