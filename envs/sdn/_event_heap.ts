/**
 * Events in the order of their times: a binary heap. Of two at one time the
 * one that was put in first comes first.
 *
 * @module
 */

/** Events, each a number. */
export interface EventHeap {
  /** How many there are. */
  readonly size: number;
  /** When the first is; there must be one. */
  firstTime(): number;
  /** Takes the first out; there must be one. */
  pop(): number;
  /** Puts one in. */
  push(time: number, event: number): void;
}

/** A heap without events. */
export function makeEventHeap(): EventHeap {
  const times: number[] = [];
  const orders: number[] = [];
  const events: number[] = [];
  let pushed = 0;

  function isBefore(i: number, j: number): boolean {
    return times[i] < times[j] ||
      (times[i] === times[j] && orders[i] < orders[j]);
  }

  function swap(i: number, j: number): void {
    [times[i], times[j]] = [times[j], times[i]];
    [orders[i], orders[j]] = [orders[j], orders[i]];
    [events[i], events[j]] = [events[j], events[i]];
  }

  return {
    get size() {
      return times.length;
    },
    firstTime: () => times[0],
    pop() {
      const event = events[0];
      swap(0, times.length - 1);
      times.pop();
      orders.pop();
      events.pop();
      let i = 0;
      for (;;) {
        const left = 2 * i + 1;
        const right = left + 1;
        let first = i;
        if (left < times.length && isBefore(left, first)) first = left;
        if (right < times.length && isBefore(right, first)) first = right;
        if (first === i) return event;
        swap(i, first);
        i = first;
      }
    },
    push(time, event) {
      times.push(time);
      orders.push(pushed++);
      events.push(event);
      for (let i = times.length - 1; i > 0;) {
        const parent = (i - 1) >> 1;
        if (!isBefore(i, parent)) return;
        swap(i, parent);
        i = parent;
      }
    },
  };
}
