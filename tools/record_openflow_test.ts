import { assertEquals } from "@std/assert";
import recording from "../envs/sdn/openflow/testdata/open_vswitch.json" with {
  type: "json",
};
import { missingRequirement } from "../envs/sdn/real_network/requirements.ts";
import { installedSwitch, recordMessages } from "./record_openflow.ts";

const missing = await missingRequirement();

/** These hold no time, no random address and no order of events. */
const STEADY = [
  "hello",
  "featuresReply",
  "barrierReply",
  "groups",
  "echoReply",
  "error",
  "badMatch",
  "packetIn",
] as const;

Deno.test({
  name: `recordMessages() gets from this machine's switch what was recorded${
    missing === undefined ? "" : ` [skipped: ${missing}]`
  }`,
  ignore: missing !== undefined,
  async fn() {
    const messages = await recordMessages();
    assertEquals(
      Object.keys(messages).sort(),
      Object.keys(recording.messages).sort(),
    );
    // Another version may say other things; that it says them is enough.
    if (await installedSwitch() !== recording.switch) return;
    for (const name of STEADY) {
      assertEquals(messages[name], recording.messages[name], name);
    }
  },
});
