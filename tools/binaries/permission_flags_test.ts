import { assertEquals, assertThrows } from "@std/assert";
import { permissionFlags } from "./permission_flags.ts";

const PLACES = { library: "/x/lib.so", binary: "/bin/simulate" };

Deno.test("permissionFlags() grants what the set grants, and nothing else", () => {
  const set = {
    read: true,
    write: false,
    net: ["127.0.0.1", "unix:/run/a.sock"],
    env: ["INIT_CWD", "NO_COLOR"],
    run: ["deno", "git"],
    ffi: ["./ffi/target/release/a.so", "./ffi/target/release/a.dylib"],
  };
  assertEquals(permissionFlags(set, PLACES), [
    "--allow-read",
    "--allow-net=127.0.0.1,unix:/run/a.sock",
    "--allow-env=NO_COLOR",
    "--allow-run=/bin/simulate,git",
    "--allow-ffi=/x/lib.so",
  ]);
  assertEquals(permissionFlags({ env: ["INIT_CWD"] }, PLACES), []);
  assertEquals(permissionFlags({}, PLACES), []);
});

Deno.test("permissionFlags() grants the whole kind where a path is not known", () => {
  const nowhere = { library: undefined, binary: undefined };
  assertEquals(
    permissionFlags({ ffi: ["./a.so"], run: ["deno", "sh"] }, nowhere),
    ["--allow-ffi", "--allow-run"],
  );
  assertEquals(permissionFlags({ run: ["git"] }, nowhere), [
    "--allow-run=git",
  ]);
});

Deno.test("permissionFlags() refuses paths of the repository", () => {
  assertThrows(
    () => permissionFlags({ write: ["./ffi/target"] }, PLACES),
    TypeError,
    'Cannot grant write "./ffi/target" to a binary, expected a name or an absolute path',
  );
});
