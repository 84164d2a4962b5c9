/**
 * Requests that wait for an answer, and changes that may be refused.
 *
 * @module
 */
import { MESSAGE_TYPES, type MessageHeader } from "./header.ts";
import { decodeMultipart } from "./multipart.ts";

/** What a switch refused, or did not answer. */
export class SwitchError extends Error {
  /** Always `SwitchError`. */
  override readonly name: string = "SwitchError";
}

/** What a switch refused: asking again would change nothing. */
export class SwitchRefusal extends SwitchError {
  /** Always `SwitchRefusal`. */
  override readonly name: string = "SwitchRefusal";
}

interface Waiter {
  readonly what: string;
  readonly parts: Uint8Array[];
  resolve(answer: Uint8Array): void;
  reject(error: SwitchError): void;
}

/** An answer in parts may be so long, in bytes. */
const LONGEST_ANSWER = 1 << 26;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** What a switch owes its controller. */
export class PendingRequests {
  readonly #waiters = new Map<number, Waiter>();
  /** What was refused of changes that nobody waits for one by one. */
  readonly #refusals = new Map<number, string | undefined>();

  /** Settles with the answer to a request. */
  wait(
    transaction: number,
    { what, timeoutMs }: { what: string; timeoutMs: number },
  ): Promise<Uint8Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    this.#waiters.set(transaction, { what, parts: [], resolve, reject });
    const timer = setTimeout(() => {
      this.#waiters.delete(transaction);
      reject(
        new SwitchError(`Cannot ${what}: no answer within ${timeoutMs} ms`),
      );
    }, timeoutMs);
    return promise.finally(() => clearTimeout(timer));
  }

  /** Takes a message for the answer, or a part of it, that it is. */
  answer(message: Uint8Array, { type, transaction }: MessageHeader): void {
    const waiter = this.#waiters.get(transaction);
    if (waiter === undefined) return;
    let whole = message;
    if (type === MESSAGE_TYPES.multipartReply) {
      const { more, body } = decodeMultipart(message);
      waiter.parts.push(body);
      const length = waiter.parts.reduce((sum, part) => sum + part.length, 0);
      if (length > LONGEST_ANSWER) {
        throw new SyntaxError(
          `Cannot read an answer of ${length} bytes, expected ${LONGEST_ANSWER} at most`,
        );
      }
      if (more) return;
      whole = joined(waiter.parts);
    }
    this.#waiters.delete(transaction);
    waiter.resolve(whole);
  }

  /** Takes a refusal, and says whether somebody waits for it. */
  refuse(transaction: number, text: string): boolean {
    const waiter = this.#waiters.get(transaction);
    if (waiter !== undefined) {
      this.#waiters.delete(transaction);
      waiter.reject(new SwitchRefusal(`Cannot ${waiter.what}: ${text}`));
      return true;
    }
    const isWatched = this.#refusals.has(transaction);
    if (isWatched) this.#refusals.set(transaction, text);
    return isWatched;
  }

  /** Keeps what is refused of some changes. */
  watch(transactions: readonly number[]): void {
    for (const each of transactions) this.#refusals.set(each, undefined);
  }

  /** The first refusal of changes that were watched, which are no longer. */
  refusalOf(transactions: readonly number[]): string | undefined {
    const texts = transactions.map((each) => this.#refusals.get(each));
    for (const each of transactions) this.#refusals.delete(each);
    return texts.find((text) => text !== undefined);
  }

  /** Ends all that wait. */
  fail(reason: string): void {
    for (const { what, reject } of this.#waiters.values()) {
      reject(new SwitchError(`Cannot ${what}: ${reason}`));
    }
    this.#waiters.clear();
  }
}
