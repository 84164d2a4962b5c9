import { assertEquals, assertThrows } from "@std/assert";
import {
  hexColor,
  isDark,
  parseColor,
  rgbaText,
  scaleColor,
} from "./_color.ts";

Deno.test("parseColor() reads what plotly writes", () => {
  assertEquals(parseColor("#0072b2"), [0, 0x72, 0xb2, 1]);
  assertEquals(parseColor("#F00"), [255, 0, 0, 1]);
  assertEquals(parseColor("#00000080"), [0, 0, 0, 128 / 255]);
  assertEquals(parseColor("rgb(1, 2,3)"), [1, 2, 3, 1]);
  assertEquals(parseColor("rgba(1,2,3,0.5)"), [1, 2, 3, 0.5]);
  assertEquals(parseColor(" White "), [255, 255, 255, 1]);
  assertEquals(rgbaText("#010203", 0.5), "rgba(1,2,3,0.5)");
});

Deno.test("parseColor() throws when the text is no colour", () => {
  for (const text of ["", "#12", "#12345g", "rgb(1,2)", "rgb(a,b,c)", "blu"]) {
    assertThrows(() => parseColor(text), SyntaxError, "Cannot read the colour");
  }
});

Deno.test("scaleColor() interpolates and stays within its ends", () => {
  const stops = [
    [0, parseColor("#000000")],
    [0.5, parseColor("#0000ff")],
    [1, parseColor("#ffffff")],
  ] as const;
  const table: [number, string][] = [
    [-1, "#000000"],
    [0.25, "#000080"],
    [0.5, "#0000ff"],
    [0.75, "#8080ff"],
    [2, "#ffffff"],
  ];
  for (const [position, expected] of table) {
    assertEquals(hexColor(scaleColor(stops, position)), expected);
  }
});

Deno.test("isDark() tells where white text reads better", () => {
  assertEquals(isDark(parseColor("#440154")), true);
  assertEquals(isDark(parseColor("#fde725")), false);
});
