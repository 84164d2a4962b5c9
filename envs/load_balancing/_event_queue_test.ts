import { assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import {
  createFlowHeap,
  createTimetable,
  firstStation,
  openPlace,
  rebuildTimetable,
  replayStation,
  settleFlow,
  takeFlow,
} from "./_event_queue.ts";

Deno.test("firstStation() is the lowest of the earliest, whatever was planned", () => {
  const random = new Random(1);
  for (const stations of [1, 2, 3, 7, 8, 33]) {
    const timetable = createTimetable(stations);
    assertEquals(firstStation(timetable), 0);
    for (let i = 0; i < 2000; i++) {
      const station = random.integer(0, stations - 1);
      // Few different times, so that many are the same.
      const time = random.integer(0, 5);
      timetable.times[station] = time === 5 ? Infinity : time;
      replayStation(timetable, station);
      const { times } = timetable;
      assertEquals(
        firstStation(timetable),
        times.indexOf(Math.min(...times)),
      );
    }
    const before = timetable.winners.slice();
    rebuildTimetable(timetable);
    assertEquals(timetable.winners.slice(1), before.slice(1));
  }
});

Deno.test("takeFlow() gives flows by key, then by serial, and takes from any place", () => {
  const random = new Random(2);
  const flows = 300;
  const serials = Float64Array.from({ length: flows }, (_, i) => i * 7 % 300);
  const keys = Float64Array.from({ length: flows }, () => random.integer(0, 9));
  const places = new Int32Array(flows);
  const heap = createFlowHeap(2);
  const inside = new Set<number>();
  const byKeyThenSerial = (a: number, b: number) =>
    keys[a] - keys[b] || serials[a] - serials[b];
  for (let flow = 0; flow < flows; flow++) {
    const place = openPlace(heap);
    heap.keys[place] = keys[flow];
    settleFlow(heap, place, flow, places, serials);
    inside.add(flow);
    if (flow % 3 === 0) {
      const dropped = random.choice([...inside]);
      assertEquals(takeFlow(heap, places[dropped], places, serials), dropped);
      inside.delete(dropped);
    }
    for (let i = 0; i < heap.size; i++) assertEquals(places[heap.flows[i]], i);
  }
  const taken: number[] = [];
  while (heap.size > 0) taken.push(takeFlow(heap, 0, places, serials));
  assertEquals(taken, [...inside].sort(byKeyThenSerial));
});
