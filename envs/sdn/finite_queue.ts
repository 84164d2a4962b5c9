/**
 * The M/M/1/K queue: Poisson arrivals, exponential service, one server, room
 * for K including the one in service (Kleinrock, "Queueing Systems", volume 1,
 * section 3.6).
 *
 * @module
 */

/** What is known of a queue in equilibrium. */
export interface QueueState {
  /** Probability that an arrival finds no room. */
  loss: number;
  /** Mean number in the system. */
  meanNumber: number;
}

/** Where the closed form would lose digits, the sums are taken. */
const CLOSE_TO_ONE = 0.1;

function power(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, bits = exponent; bits > 0; bits >>= 1) {
    if (bits & 1) result *= square;
    square *= square;
  }
  return result;
}

/** Loss and number for a load up to 1; the loss counts states from the top. */
function belowOne(load: number, places: number, into: QueueState): void {
  if (1 - load > CLOSE_TO_ONE) {
    const top = power(load, places);
    const rest = 1 - top * load;
    into.loss = (1 - load) * top / rest;
    into.meanNumber = load / (1 - load) - (places + 1) * top * load / rest;
    return;
  }
  let sum = 0;
  let weighted = 0;
  let term = 1;
  for (let i = 0; i <= places; i++) {
    sum += term;
    weighted += i * term;
    if (i < places) term *= load;
  }
  into.loss = term / sum;
  into.meanNumber = weighted / sum;
}

/**
 * Loss and mean number of an M/M/1/K queue: with load `r`, the loss is
 * (1 - r) r^K / (1 - r^(K+1)), and 1 / (K + 1) at r = 1.
 *
 * @param load Arrival rate over service rate, from 0; may exceed 1.
 * @param places K: room for so many, from 1.
 * @param into Written.
 */
export function finiteQueue(
  load: number,
  places: number,
  into: QueueState,
): void {
  if (load <= 1) {
    belowOne(load, places, into);
    return;
  }
  // The number of free places is a queue of load 1 / r, seen from the other
  // end: a full queue is an empty one of those.
  const inverse = 1 / load;
  belowOne(inverse, places, into);
  into.loss = emptyShare(inverse, places);
  into.meanNumber = places - into.meanNumber;
}

/** Probability of an empty queue at a load below 1. */
function emptyShare(load: number, places: number): number {
  if (1 - load > CLOSE_TO_ONE) {
    return (1 - load) / (1 - power(load, places) * load);
  }
  let sum = 0;
  let term = 1;
  for (let i = 0; i <= places; i++) {
    sum += term;
    term *= load;
  }
  return 1 / sum;
}

/**
 * Mean time in an M/M/1/K queue for those who enter it, in units of the mean
 * service time: N / (r (1 - loss)), by Little's law.
 *
 * @param load Arrival rate over service rate, above 0.
 * @param places K: room for so many.
 */
export function finiteQueueSojourn(load: number, places: number): number {
  const state = { loss: 0, meanNumber: 0 };
  finiteQueue(load, places, state);
  return state.meanNumber / (load * (1 - state.loss));
}
