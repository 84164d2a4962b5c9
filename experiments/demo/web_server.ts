/**
 * A demonstration as a page on this machine.
 *
 * @module
 */
import { plotlySource } from "../../analysis/figures/page.ts";
import {
  isFromHere,
  type LoopbackOptions,
  type LoopbackServer,
  serveLoopback,
} from "../../core/loopback_server.ts";
import type { Player, PlayerCommand, PlayerMessage } from "./player.ts";
import page from "./web_page.html" with { type: "text" };
import pageScript from "./web_page.js" with { type: "text" };
import pageStyle from "./web_page.css" with { type: "text" };

export type { LoopbackOptions, LoopbackServer, Player };

/** A watcher that is this many messages behind is sent away. */
const MOST_WAITING = 500;
/** Longest command, bytes. */
const LONGEST_COMMAND = 1000;

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:",
  "x-content-type-options": "nosniff",
};

function respond(body: BodyInit, type: string): Response {
  return new Response(body, {
    headers: { ...HEADERS, "content-type": `${type}; charset=utf-8` },
  });
}

function refuse(status: number, reason: string): Response {
  return new Response(`${reason}\n`, { status, headers: HEADERS });
}

/**
 * Serves the page on the loopback interface.
 *
 * @param player What the page shows; played by the caller.
 * @param options Port and signal. Throws a one-line error for a port that is
 * in use or that may not be opened.
 */
export async function serveDemo(
  player: Player,
  options: LoopbackOptions,
): Promise<LoopbackServer> {
  const plotly = await plotlySource();
  return serveLoopback(
    (request) => handle(request, player, plotly),
    options,
  );
}

async function handle(
  request: Request,
  player: Player,
  plotly: string,
): Promise<Response> {
  const url = new URL(request.url);
  if (!isFromHere(request)) {
    return refuse(403, "Expected a request from this machine's own page");
  }
  const route = `${request.method} ${url.pathname}`;
  switch (route) {
    case "GET /":
      return respond(page, "text/html");
    case "GET /web_page.css":
      return respond(pageStyle, "text/css");
    case "GET /web_page.js":
      return respond(pageScript, "text/javascript");
    case "GET /plotly.js":
      return respond(plotly, "text/javascript");
    case "GET /favicon.ico":
      return new Response(null, { status: 204, headers: HEADERS });
    case "GET /events":
      return respond(eventStream(player), "text/event-stream");
    case "POST /control":
      return await control(request, player);
  }
  return refuse(404, `Cannot find ${url.pathname}, expected /`);
}

async function control(request: Request, player: Player): Promise<Response> {
  const text = await request.text();
  try {
    if (text.length > LONGEST_COMMAND) throw new RangeError("Too long");
    const command = Object(JSON.parse(text)) as PlayerCommand;
    player.command(command);
    return new Response(null, { status: 204, headers: HEADERS });
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) {
      return refuse(400, error.message);
    }
    throw error;
  }
}

function eventStream(player: Player): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream({
    start(controller) {
      const send = (message: PlayerMessage) => {
        if ((controller.desiredSize ?? 0) < -MOST_WAITING) {
          stop();
          controller.close();
          return;
        }
        const text = `data: ${JSON.stringify(message)}\n\n`;
        controller.enqueue(encoder.encode(text));
      };
      stop = player.watch(send);
    },
    cancel() {
      stop();
    },
  });
}
