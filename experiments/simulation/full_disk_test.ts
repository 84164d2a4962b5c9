import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { SimulationManager } from "./simulation_manager.ts";
import { trouble, walk } from "./_test_trees.ts";
import { readStatus, writeStatus } from "./run_status.ts";

async function run(...command: string[]): Promise<void> {
  const [program, ...args] = command;
  const { success, stderr } = await new Deno.Command(program, { args })
    .output();
  assert(success, new TextDecoder().decode(stderr));
}

async function withSmallDisk(
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run("mount", "-t", "tmpfs", "-o", "size=512k", "none", folder);
    try {
      await test(folder);
    } finally {
      await run("umount", folder);
    }
  } finally {
    await Deno.remove(folder);
  }
}

const MAY_MOUNT = await withSmallDisk(() => Promise.resolve())
  .then(() => true, () => false);

Deno.test({
  name: `a full disk fails the run, and the tree stays readable${
    MAY_MOUNT ? "" : " [skipped: a small disk cannot be mounted]"
  }`,
  ignore: !MAY_MOUNT,
  async fn() {
    await withSmallDisk(async (folder) => {
      const manager = new SimulationManager({
        simulationList: [
          trouble("big", { trouble: "big", size: 1e6 }),
          walk("small"),
        ],
        runsPerSim: 1,
        managerId: `${folder}/tree`,
      });
      await manager.generateSimPaths();
      const [big, small] = await manager.runAll({ jobs: 1 });
      assertEquals([big.state, small.state], ["error", "finished"]);
      assertMatch(big.note!, /the disk is full/);

      // Not a byte is left: even so a status can change.
      assertThrows(() =>
        Deno.writeFileSync(`${folder}/filler`, new Uint8Array(1 << 20))
      );
      assertThrows(() => Deno.writeTextFileSync(`${folder}/more`, "x"));
      const status = readStatus(small.folder!)!;
      writeStatus(small.folder!, { ...status, state: "interrupted" });
      const second = new SimulationManager({
        existingSimulation: manager.resultsPath,
      });
      const [, changed] = await second.observe();
      assertEquals(changed.state, "interrupted");
    });
  },
});
