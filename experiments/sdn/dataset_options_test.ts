import { assertEquals, assertThrows } from "@std/assert";
import { commonOptions } from "../../core/script_options.ts";
import { parseOptions } from "../../core/parse_options.ts";
import { datasetOptions, expertOptions } from "./dataset_options.ts";

const parse = (...args: string[]) =>
  parseOptions(args, { ...commonOptions, ...datasetOptions });

Deno.test("every option of the original is known, with its default", () => {
  const options = parse();
  assertEquals(options.out.endsWith("/expert_dataset.npz"), true);
  assertEquals(
    options.trafficScriptOut.endsWith("/traffic_commands.sh"),
    true,
  );
  const { episodes, steps, policy, seed, startTraffic } = options;
  assertEquals([episodes, steps, policy, seed], [50, 50, "zeros", 0]);
  const { trafficDuration, trafficBw, trafficStartOffset } = options;
  assertEquals([trafficDuration, trafficBw, trafficStartOffset], [10, 10, 0.5]);
  assertEquals([startTraffic, options.trafficPairs], [false, undefined]);
  const given = parse(
    ...["--out", "a.npz", "--ryu", "http://127.0.0.1:8080"],
    ...["--link_count", "10", "--episodes", "100", "--steps", "40"],
    ...["--policy", "random", "--seed", "42", "--traffic_pairs", "h1:h2"],
    ...["--traffic_duration", "5", "--traffic_bw", "20M"],
    ...["--traffic_start_offset", "1", "--start_traffic"],
    ...["--traffic_script_out", "t.sh"],
  );
  assertEquals([given.linkCount, given.trafficBw], [10, 20]);
  assertEquals(given.startTraffic, true);
});

Deno.test("policies are those that there are", () => {
  assertThrows(() => parse("--policy", "expert"), Error, "optimal");
});

Deno.test("expertOptions() tell experts apart that try harder, or for something else", () => {
  const of = (...args: string[]) => expertOptions(parse(...args));
  assertEquals(of("--policy=zeros", "--search-evaluations=9"), {
    policy: "zeros",
  });
  assertEquals(of("--policy=optimal", "--search-evaluations=9"), {
    policy: "optimal",
    searchEvaluations: 9,
  });
  assertEquals(of("--policy=local-search"), {
    policy: "local-search",
    objective: "fortz-thorup",
    searchEvaluations: 400,
  });
});
