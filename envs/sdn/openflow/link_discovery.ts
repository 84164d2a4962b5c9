/**
 * Which port leads to which, and how long that takes: by LLDP frames that the
 * controller sends out of every port.
 *
 * @module
 */
import { encodeFlowMod } from "./flow_mod.ts";
import { decodeLinkProbe, encodeLinkProbe, ETH_TYPE_LLDP } from "./lldp.ts";
import { encodePacketOut, type PacketIn } from "./packets.ts";
import { LAST_PORT, RESERVED_PORTS } from "./ports.ts";
import type { SwitchConnection } from "./switch_connection.ts";

export type { PacketIn, SwitchConnection };

/** An end of a link. */
export interface LinkEnd {
  /** The switch. */
  readonly datapathId: number;
  /** Its port. */
  readonly port: number;
}

/** One direction of a link. */
export interface DiscoveredLink {
  /** Where it begins. */
  readonly source: LinkEnd;
  /** Where it ends. */
  readonly target: LinkEnd;
  /**
   * How long a frame took, in milliseconds: from the controller over the link
   * and back, less half of each switch's way to the controller and back, the
   * shortest of late (Phemius and Bouet, "Monitoring latency with OpenFlow", CNSM 2013).
   */
  readonly delayMs: number;
}

/** Finds links. */
export interface LinkDiscovery {
  /**
   * Sends a frame out of every port that is up, and waits for them.
   *
   * @param timeoutMs How long to wait for those that do not come back.
   * Default 500.
   */
  probe(timeoutMs?: number): Promise<DiscoveredLink[]>;
  /** Takes packets from switches; hand all of them over. */
  handle(from: SwitchConnection, packet: PacketIn): void;
}

/** Of so many trips to a switch the shortest counts. */
const TRIPS_KEPT = 8;
/** Above all other entries. */
const PRIORITY = 0xffff;

/** The entry by which a switch hands LLDP frames to the controller. */
export function lldpEntry(transaction: number): Uint8Array<ArrayBuffer> {
  return encodeFlowMod(transaction, {
    command: "add",
    priority: PRIORITY,
    match: { eth_type: ETH_TYPE_LLDP },
    actions: [{ type: "OUTPUT", port: RESERVED_PORTS.controller }],
  });
}

interface Pending {
  readonly source: LinkEnd;
  readonly sentMs: number;
}

/**
 * Finds links between the switches of a controller, which need
 * {@linkcode lldpEntry}.
 *
 * @param switches The switches, by their numbers.
 */
export function linkDiscovery(
  switches: ReadonlyMap<number, SwitchConnection>,
): LinkDiscovery {
  const pending = new Map<number, Pending>();
  /** Of each switch the latest trips, in milliseconds. */
  const trips = new Map<number, number[]>();
  let sequence = 0;
  let found: DiscoveredLink[] = [];
  let complete = Promise.withResolvers<void>();
  /** Ports from which frames have come back, and others. */
  const linked = new Set<string>();
  const silent = new Set<string>();
  const key = ({ datapathId, port }: LinkEnd) => `${datapathId}:${port}`;

  async function measureTrips(): Promise<void> {
    await Promise.all([...switches].map(async ([datapathId, each]) => {
      const latest = [await each.roundTripMs(), ...trips.get(datapathId) ?? []];
      trips.set(datapathId, latest.slice(0, TRIPS_KEPT));
    }));
  }

  /** Half of the shortest trip: others waited where frames may not wait. */
  function halfTripMs(datapathId: number): number {
    return Math.min(...trips.get(datapathId) ?? [0]) / 2;
  }

  function sendProbes(): void {
    for (const [datapathId, each] of switches) {
      for (const port of each.ports.keys()) {
        if (port > LAST_PORT || !each.isUp(port)) continue;
        sequence = (sequence + 1) >>> 0;
        const source = { datapathId, port };
        const data = encodeLinkProbe({ ...source, sequence });
        pending.set(sequence, { source, sentMs: performance.now() });
        each.send((transaction) =>
          encodePacketOut(transaction, {
            actions: [{ type: "OUTPUT", port }],
            data,
          })
        );
      }
    }
  }

  /** Whether only ports are waited for that never led anywhere. */
  function isComplete(): boolean {
    return [...pending.values()].every(({ source }) => silent.has(key(source)));
  }

  return {
    async probe(timeoutMs = 500) {
      await measureTrips();
      pending.clear();
      found = [];
      complete = Promise.withResolvers();
      sendProbes();
      const timer = setTimeout(complete.resolve, timeoutMs);
      if (isComplete()) complete.resolve();
      await complete.promise;
      clearTimeout(timer);
      for (const { source } of found) linked.add(key(source));
      for (const { source } of pending.values()) {
        if (!linked.has(key(source))) silent.add(key(source));
      }
      return found;
    },
    handle(from, { match, data }) {
      const receivedMs = performance.now();
      const probe = decodeLinkProbe(data);
      const sent = probe && pending.get(probe.sequence);
      const port = match.in_port;
      if (sent === undefined || typeof port !== "number") return;
      pending.delete(probe!.sequence);
      const { source, sentMs } = sent;
      const tripsMs = halfTripMs(source.datapathId) +
        halfTripMs(from.datapathId);
      found.push({
        source,
        target: { datapathId: from.datapathId, port },
        delayMs: Math.max(receivedMs - sentMs - tripsMs, 0),
      });
      if (isComplete()) complete.resolve();
    },
  };
}
