/**
 * What follows from each event.
 *
 * @module
 */
import { addToCount, updateCosts } from "./_balancers.ts";
import {
  firstStation,
  openPlace,
  settleFlow,
  takeFlow,
} from "./_event_queue.ts";
import { freeRow, HOPS, PHASE, takeRow } from "./_flow_pool.ts";
import { type Observe, OUTCOME } from "./observers.ts";
import { addChange, CHANGE } from "./_outages.ts";
import {
  cancelAtServer,
  emptyServer,
  enterServer,
  finishStage,
} from "./_servers.ts";
import { fetchArrival, type Simulation } from "./_simulation.ts";

/** Hops in the order in which a flow takes them. */
const HOP = {
  toBalancer: 0,
  toServer: 1,
  backToBalancer: 2,
  backToClient: 3,
} as const;

function tell(
  simulation: Simulation,
  observe: Observe,
  flow: number,
  since: Float64Array,
): void {
  const { report, flows, clock } = simulation;
  const now = clock[0];
  report.time = now;
  report.balancer = flows.balancers[flow];
  report.server = flows.servers[flow];
  report.kind = flows.kinds[flow];
  report.start = flows.starts[flow];
  report.elapsed = now - since[flow];
  report.work = flows.works[flow];
  report.ioWork = flows.ioWorks[flow];
  report.outcome = flows.outcomes[flow];
  observe(report);
}

/** Plans a flow's next event after a delay in seconds. */
function planFlowEvent(
  simulation: Simulation,
  flow: number,
  delay: number,
): void {
  const { flows, flowEvents, clock } = simulation;
  const place = openPlace(flowEvents);
  flowEvents.keys[place] = clock[0] + delay;
  settleFlow(flowEvents, place, flow, flows.eventPlaces, flows.serials);
}

function dropFlowEvent(simulation: Simulation, flow: number): void {
  const { flows, flowEvents } = simulation;
  const place = flows.eventPlaces[flow];
  if (place < 0) return;
  takeFlow(flowEvents, place, flows.eventPlaces, flows.serials);
  flows.eventPlaces[flow] = -1;
}

function hopOf(simulation: Simulation, flow: number, hop: number): number {
  return simulation.hopsVary
    ? simulation.flows.delays[HOPS * flow + hop]
    : simulation.shortestHops[hop];
}

function integrateAlive(simulation: Simulation): void {
  const now = simulation.clock[0];
  simulation.aliveIntegral += simulation.alive * (now - simulation.integrated);
  simulation.integrated = now;
}

function joinTimeouts(simulation: Simulation, flow: number): void {
  const { flows, newest } = simulation;
  flows.earlier[flow] = newest;
  flows.later[flow] = -1;
  if (newest < 0) simulation.oldest = flow;
  else flows.later[newest] = flow;
  simulation.newest = flow;
}

function leaveTimeouts(simulation: Simulation, flow: number): void {
  const { flows } = simulation;
  const earlier = flows.earlier[flow];
  const later = flows.later[flow];
  if (earlier < 0) simulation.oldest = later;
  else flows.later[earlier] = later;
  if (later < 0) simulation.newest = earlier;
  else flows.earlier[later] = earlier;
}

/** Balancer of the arrival; chance draws the same for every policy. */
function assign(simulation: Simulation): number {
  const { balancers, assignBalancer, arrival, streams } = simulation;
  if (assignBalancer === undefined) {
    return balancers.count === 1
      ? 0
      : streams.routing.integer(0, balancers.count - 1);
  }
  const balancer = assignBalancer(arrival);
  if (!(Number.isInteger(balancer) && balancer in balancers.contexts)) {
    throw new RangeError(
      `Cannot assign a flow to balancer ${balancer}, expected one from 0 to ${
        balancers.count - 1
      }`,
    );
  }
  return balancer;
}

/** The next arrival starts at its client. */
function arrive(simulation: Simulation): void {
  const { arrival, flows, streams, shortestHops, longestHops } = simulation;
  const balancer = assign(simulation);
  integrateAlive(simulation);
  simulation.alive++;
  simulation.started++;
  const flow = takeRow(flows);
  flows.outcomes[flow] = OUTCOME.finished;
  flows.orphans[flow] = 0;
  flows.established[flow] = 0;
  flows.kinds[flow] = arrival.kind;
  flows.balancers[flow] = balancer;
  flows.servers[flow] = -1;
  flows.keys[flow] = streams.routing.nextUint32();
  flows.serials[flow] = flows.made++;
  flows.starts[flow] = arrival.time;
  flows.dispatched[flow] = arrival.time;
  flows.works[flow] = arrival.work;
  flows.ioWorks[flow] = arrival.ioWork;
  flows.eventPlaces[flow] = -1;
  if (simulation.hopsVary) {
    for (let hop = 0; hop < HOPS; hop++) {
      flows.delays[HOPS * flow + hop] = streams.delays.uniform(
        shortestHops[hop],
        longestHops[hop],
      );
    }
  }
  if (simulation.clientTimeout < Infinity) joinTimeouts(simulation, flow);
  fetchArrival(simulation);
  const delay = hopOf(simulation, flow, HOP.toBalancer);
  flows.phases[flow] = PHASE.toBalancer;
  if (delay > 0) planFlowEvent(simulation, flow, delay);
  else dispatch(simulation, flow);
}

/** A flow is at its balancer. */
function dispatch(simulation: Simulation, flow: number): void {
  const { flows, balancers, clock } = simulation;
  const now = clock[0];
  const balancer = flows.balancers[flow];
  const context = balancers.contexts[balancer];
  context.time = now;
  context.kind = flows.kinds[flow];
  context.flowKey = flows.keys[flow];
  flows.dispatched[flow] = now;
  const server = simulation.choose(balancer, context);
  if (server === -1) {
    flows.outcomes[flow] = OUTCOME.unrouted;
    flows.phases[flow] = PHASE.backToBalancer;
    learn(simulation, flow);
    return;
  }
  if (balancers.members[balancer][server] !== 1) {
    throw new RangeError(
      `Cannot send a flow of balancer ${balancer} to server ${server}, expected one of its servers, or -1`,
    );
  }
  flows.servers[flow] = server;
  addToCount(balancers, balancer, server, 1);
  const delay = hopOf(simulation, flow, HOP.toServer);
  flows.phases[flow] = PHASE.toServer;
  if (delay > 0) planFlowEvent(simulation, flow, delay);
  else knock(simulation, flow);
}

/** A flow is at its server's door. */
function knock(simulation: Simulation, flow: number): void {
  const { flows, sampleRate, observers } = simulation;
  if (!enterServer(simulation.servers, flows, flow)) {
    turnBack(simulation, flow, OUTCOME.rejected);
    return;
  }
  if (sampleRate === 0 && observers.onEstablished === undefined) return;
  const delay = hopOf(simulation, flow, HOP.backToBalancer);
  if (delay > 0) planFlowEvent(simulation, flow, delay);
  else establish(simulation, flow);
}

/** The balancer sees the server's first answer. */
function establish(simulation: Simulation, flow: number): void {
  const { flows, observers } = simulation;
  if (flows.established[flow]) return;
  flows.established[flow] = 1;
  const { onEstablished } = observers;
  if (onEstablished) {
    tell(simulation, onEstablished, flow, flows.dispatched);
  }
  planSample(simulation, flow);
}

function planSample(simulation: Simulation, flow: number): void {
  const { sampleRate, streams } = simulation;
  if (sampleRate === 0) return;
  planFlowEvent(
    simulation,
    flow,
    streams.samples.exponential(sampleRate),
  );
}

/** The server has nothing more to do with a flow, or wants none of it. */
function turnBack(
  simulation: Simulation,
  flow: number,
  outcome: number,
): void {
  const { flows } = simulation;
  if (flows.orphans[flow]) {
    freeRow(flows, flow);
    return;
  }
  dropFlowEvent(simulation, flow);
  flows.outcomes[flow] = outcome;
  flows.phases[flow] = PHASE.backToBalancer;
  const wait = outcome === OUTCOME.finished ? 0 : simulation.refusalDelay;
  const delay = wait + hopOf(simulation, flow, HOP.backToBalancer);
  if (delay > 0) planFlowEvent(simulation, flow, delay);
  else learn(simulation, flow);
}

/** The balancer learns that a flow is over. */
function learn(simulation: Simulation, flow: number): void {
  const { flows, balancers, observers } = simulation;
  const server = flows.servers[flow];
  const balancer = flows.balancers[flow];
  const outcome = flows.outcomes[flow];
  if (server >= 0) addToCount(balancers, balancer, server, -1);
  if (
    outcome === OUTCOME.finished && flows.established[flow] === 0 &&
    observers.onEstablished
  ) {
    // A flow without work: its answer and its end come at the same time.
    flows.established[flow] = 1;
    tell(simulation, observers.onEstablished, flow, flows.dispatched);
  }
  const observe = outcome === OUTCOME.finished
    ? observers.onFinish
    : observers.onReject;
  if (observe) tell(simulation, observe, flow, flows.dispatched);
  if (outcome === OUTCOME.timedOut) return;
  const delay = hopOf(simulation, flow, HOP.backToClient);
  flows.phases[flow] = PHASE.backToClient;
  if (delay > 0) planFlowEvent(simulation, flow, delay);
  else {
    end(simulation, flow);
    freeRow(flows, flow);
  }
}

/** A flow ends at its client. The caller frees its row, or keeps an orphan. */
function end(simulation: Simulation, flow: number): void {
  const { flows, clock, since, observers } = simulation;
  integrateAlive(simulation);
  simulation.alive--;
  const start = flows.starts[flow];
  simulation.timeAlive += clock[0] - (start > since ? start : since);
  simulation.ended[flows.outcomes[flow]]++;
  if (simulation.clientTimeout < Infinity) leaveTimeouts(simulation, flow);
  const { onEnd } = observers;
  if (onEnd) tell(simulation, onEnd, flow, flows.starts);
}

/** The client of the oldest flow gives up. */
function giveUp(simulation: Simulation): void {
  const { flows, servers, oldest: flow } = simulation;
  const phase = flows.phases[flow];
  dropFlowEvent(simulation, flow);
  const inside = phase === PHASE.waiting || phase === PHASE.processor ||
    phase === PHASE.disk;
  flows.outcomes[flow] = OUTCOME.timedOut;
  if (inside && simulation.cancelOnTimeout) {
    cancelAtServer(servers, flows, flow);
  }
  if (inside || phase === PHASE.toServer || phase === PHASE.backToBalancer) {
    learn(simulation, flow);
  }
  end(simulation, flow);
  if (inside && !simulation.cancelOnTimeout) flows.orphans[flow] = 1;
  else freeRow(flows, flow);
}

/** The first of the flows' own events happens. */
function happenToFlow(simulation: Simulation): void {
  const { flows, flowEvents, observers } = simulation;
  const flow = flowEvents.flows[0];
  dropFlowEvent(simulation, flow);
  switch (flows.phases[flow]) {
    case PHASE.toBalancer:
      return dispatch(simulation, flow);
    case PHASE.toServer:
      return knock(simulation, flow);
    case PHASE.backToBalancer:
      return learn(simulation, flow);
    case PHASE.backToClient:
      end(simulation, flow);
      return freeRow(flows, flow);
    default:
      if (flows.established[flow] === 0) return establish(simulation, flow);
      if (observers.onSample) {
        tell(simulation, observers.onSample, flow, flows.dispatched);
      }
      return planSample(simulation, flow);
  }
}

/** A server goes down or comes back, or balancers learn of it. */
function change(simulation: Simulation): void {
  const { changes, balancers, clock, detectionDelay } = simulation;
  const { server, change } = changes.shift()!;
  if (change === CHANGE.knownDown || change === CHANGE.knownUp) {
    balancers.up[server] = change === CHANGE.knownUp ? 1 : 0;
    updateCosts(balancers);
    return;
  }
  setServerUp(simulation, server, change === CHANGE.up);
  addChange(changes, {
    time: clock[0] + detectionDelay,
    server,
    change: change === CHANGE.up ? CHANGE.knownUp : CHANGE.knownDown,
  });
}

function setServerUp(
  simulation: Simulation,
  server: number,
  up: boolean,
): void {
  const { servers, flows } = simulation;
  servers.up[server] = up ? 1 : 0;
  if (up) return;
  for (const flow of emptyServer(servers, flows, server)) {
    turnBack(simulation, flow, OUTCOME.lost);
  }
}

/** Kinds of events, in the order in which they happen at the same time. */
const KIND = {
  endOfJob: 0,
  ofFlow: 1,
  change: 2,
  timeout: 3,
  arrival: 4,
} as const;

/**
 * Lets events happen. Of several at the same time, jobs end first, then come
 * hops and samples, servers that go down or up, clients that give up, and
 * arrivals last.
 *
 * @param simulation Changed.
 * @param until Time of the last event, in seconds.
 * @param count How many at most.
 * @returns How many there were.
 */
export function advance(
  simulation: Simulation,
  until: number,
  count: number,
): number {
  const { servers, flows, flowEvents, clock, arrival, clientTimeout } =
    simulation;
  const { timetable } = servers.stations;
  for (let done = 0; done < count; done++) {
    const station = firstStation(timetable);
    let time = timetable.times[station];
    let kind: number = KIND.endOfJob;
    if (flowEvents.size > 0 && flowEvents.keys[0] < time) {
      time = flowEvents.keys[0];
      kind = KIND.ofFlow;
    }
    const { changes, oldest } = simulation;
    if (changes.length > 0 && changes[0].time < time) {
      time = changes[0].time;
      kind = KIND.change;
    }
    if (oldest >= 0 && flows.starts[oldest] + clientTimeout < time) {
      time = flows.starts[oldest] + clientTimeout;
      kind = KIND.timeout;
    }
    if (simulation.moreArrivals && arrival.time < time) {
      time = arrival.time;
      kind = KIND.arrival;
    }
    if (!(time <= until && time < Infinity)) return done;
    clock[0] = time;
    simulation.events++;
    if (kind === KIND.endOfJob) {
      const flow = finishStage(servers, flows, station);
      if (flow >= 0) turnBack(simulation, flow, OUTCOME.finished);
    } else if (kind === KIND.arrival) arrive(simulation);
    else if (kind === KIND.ofFlow) happenToFlow(simulation);
    else if (kind === KIND.change) change(simulation);
    else giveUp(simulation);
  }
  return count;
}
