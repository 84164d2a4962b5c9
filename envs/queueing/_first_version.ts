/**
 * The model `reference` in the original's first version for several servers:
 * timers belong to servers, and end in retries all along the rest of the line.
 *
 * @module
 */
import { nextDraw } from "./_draws.ts";
import { takeAttempt } from "./_pools.ts";
import { changeRetries, planRetry } from "./_retries.ts";
import { BEGUN, knock, letIn, LOST, THROTTLED } from "./_servers.ts";
import type { Server, Simulation } from "./_simulation.ts";

/** Plans the end of a timer of a server, which holds the request. */
function planTimeout(
  simulation: Simulation,
  request: number,
  { server, delay = 0 }: { server: Server; delay?: number },
): void {
  const timeout = simulation.levels.timeouts[
    simulation.requests
      .clients[request]
  ];
  planRetry(simulation, request, delay + timeout, server.index);
}

/** A job was turned away where it would have begun one service time later. */
export function planLossTimeout(
  simulation: Simulation,
  request: number,
  server: Server,
): void {
  const { services } = server;
  const delay = services.values[nextDraw(services)];
  planTimeout(simulation, request, { server, delay });
}

/**
 * Offers a new request: a timer where its service has begun, none where it
 * waits, two where it was dropped, of which a throttled one's first ends at
 * once.
 */
export function offerNew(simulation: Simulation, request: number): void {
  const { requests, attempts, clients, servers } = simulation;
  const server = servers[clients[requests.clients[request]].server];
  const outcome = knock(simulation, server);
  if (outcome > THROTTLED) {
    letIn(simulation, server, takeAttempt(attempts, requests, request));
  }
  if (outcome === THROTTLED) planRetry(simulation, request, 0, server.index);
  else if (outcome === LOST) planTimeout(simulation, request, { server });
  if (outcome === BEGUN || outcome <= THROTTLED) {
    planTimeout(simulation, request, { server });
  }
}

/**
 * A timer of a server has ended, and the request was not answered: while
 * retries are left the job is offered again to this server and to each that
 * follows, and the timer starts anew.
 */
export function retryAlongLine(
  simulation: Simulation,
  request: number,
  place: number,
): void {
  const { requests, attempts, servers, counts } = simulation;
  counts.timeouts++;
  if (requests.lefts[request] === 0) return;
  for (
    let server: Server | undefined = servers[place];
    server !== undefined && requests.lefts[request] > 0;
    server = servers[server.next[0]]
  ) {
    requests.lefts[request]--;
    counts.retries++;
    changeRetries(simulation, 1);
    const outcome = knock(simulation, server);
    if (outcome > THROTTLED) {
      const attempt = takeAttempt(attempts, requests, request);
      letIn(simulation, server, attempt, true);
    } else if (outcome === THROTTLED) planRetry(simulation, request, 0, place);
    else planLossTimeout(simulation, request, server);
  }
  planTimeout(simulation, request, { server: servers[place] });
}
