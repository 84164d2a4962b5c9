/** PDF's outer form: numbered objects and the table of where they begin. */

const encoder = new TextEncoder();

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A PDF document in the making (ISO 32000-1, 7.5). */
export class PdfFile {
  #objects: Uint8Array[] = [];

  /** Takes a number for an object that is {@linkcode PdfFile.set} later. */
  reserve(): number {
    return this.#objects.push(new Uint8Array());
  }

  /** Fills in a reserved object. */
  set(number: number, content: string): void {
    this.#objects[number - 1] = encoder.encode(content);
  }

  /** Adds an object and returns its number. */
  add(content: string): number {
    return this.#objects.push(encoder.encode(content));
  }

  /** Adds a stream and returns its number. */
  addStream(entries: string, content: Uint8Array): number {
    return this.#objects.push(joined([
      encoder.encode(`<< ${entries} /Length ${content.length} >>\nstream\n`),
      content,
      encoder.encode("\nendstream"),
    ]));
  }

  /** The whole file. */
  bytes(roots: { catalog: number; info: number }): Uint8Array {
    // The second line marks the file as binary.
    const header = joined([
      encoder.encode("%PDF-1.4\n%"),
      Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3, 10),
    ]);
    const parts = [header];
    let at = header.length;
    let table = "0000000000 65535 f \n";
    this.#objects.forEach((content, i) => {
      table += `${String(at).padStart(10, "0")} 00000 n \n`;
      const part = joined([
        encoder.encode(`${i + 1} 0 obj\n`),
        content,
        encoder.encode("\nendobj\n"),
      ]);
      parts.push(part);
      at += part.length;
    });
    const size = this.#objects.length + 1;
    parts.push(encoder.encode(
      `xref\n0 ${size}\n${table}trailer\n<< /Size ${size} /Root ${roots.catalog} 0 R /Info ${roots.info} 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ));
    return joined(parts);
  }
}
