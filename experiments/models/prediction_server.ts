/**
 * A model that answers over HTTP, on this machine alone.
 *
 * @module
 */
import { describeSpace } from "../../core/spaces.ts";
import { isFromHere } from "../../core/loopback_server.ts";
import { actionChanges } from "./model_description.ts";
import {
  type ObservationInput,
  observationInputOf,
  type PolicySpaces,
  quoted,
} from "./observation_input.ts";
import {
  type ActionRecord,
  type LoadedAgent,
  remembers,
  rowPredictor,
} from "./prediction.ts";
import {
  createSessions,
  SessionLimitError,
  type SessionOptions,
} from "./prediction_sessions.ts";

export type { LoadedAgent, SessionOptions };

/** Longest body, bytes: some 100,000 observations of ten numbers. */
const LONGEST_BODY = 8 << 20;
/** Longest name of a session. */
const LONGEST_NAME = 200;

/** An answer that is no success. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: HeadersInit = {},
  ) {
    super(message);
  }
}

function reply(value: unknown, status = 200, headers: HeadersInit = {}) {
  return new Response(`${JSON.stringify(value)}\n`, {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}

/** The body, of which no more is read than is allowed. */
async function readBody(request: Request): Promise<string> {
  const tooLong = () =>
    new Refusal(
      413,
      `Cannot read a body of more than ${LONGEST_BODY} bytes: send fewer observations at a time`,
      { connection: "close" },
    );
  if (Number(request.headers.get("content-length")) > LONGEST_BODY) {
    throw tooLong();
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length;
      if (size > LONGEST_BODY) throw tooLong();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, "Cannot read the body: it was cut short");
  }
  const body = await new Blob(chunks).bytes();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new Refusal(400, "Cannot read the body: expected JSON in UTF-8");
  }
}

async function readObject(request: Request): Promise<Record<string, unknown>> {
  const text = await readBody(request);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(
      400,
      `Cannot read the body as JSON: ${(error as Error).message}`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(
      400,
      `Cannot use the body ${
        quoted(value)
      }: expected {"observation": [...]} or {"observations": [[...], ...]}`,
    );
  }
  return value as Record<string, unknown>;
}

function sessionName(value: unknown): string {
  if (
    typeof value !== "string" || value === "" || value.length > LONGEST_NAME
  ) {
    throw new Refusal(
      400,
      `Cannot use the session ${
        quoted(value)
      }: expected a name of at most ${LONGEST_NAME} characters`,
    );
  }
  return value;
}

const FIELDS = [
  "observation",
  "observations",
  "actionMask",
  "actionMasks",
  "session",
  "reset",
];

function checkFields(body: Record<string, unknown>): void {
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    throw new Refusal(
      400,
      `Cannot use the field ${quoted(unknown)}: expected ${FIELDS.join(", ")}`,
    );
  }
  if (("observation" in body) === ("observations" in body)) {
    throw new Refusal(
      400,
      "Cannot predict: expected either observation or observations",
    );
  }
  const wrong = "observations" in body
    ? ["actionMask", "session", "reset"].find((name) => name in body)
    : "actionMasks" in body
    ? "actionMasks"
    : undefined;
  if (wrong !== undefined) {
    throw new Refusal(
      400,
      `Cannot use ${wrong} with ${
        "observations" in body
          ? "observations, which have nothing to do with each other"
          : "one observation"
      }`,
    );
  }
}

function rowsOf(
  { observations, actionMasks }: Record<string, unknown>,
  spaces: PolicySpaces,
): ObservationInput[] {
  if (!Array.isArray(observations)) {
    throw new Refusal(
      400,
      `Cannot read the observations ${quoted(observations)}: expected an array`,
    );
  }
  if (
    actionMasks !== undefined &&
    (!Array.isArray(actionMasks) || actionMasks.length !== observations.length)
  ) {
    throw new Refusal(
      400,
      `Cannot read the actionMasks ${
        quoted(actionMasks)
      }: expected ${observations.length}, one an observation`,
    );
  }
  return observations.map((observation, row) =>
    observationInputOf(
      { observation, actionMask: actionMasks?.[row] },
      spaces,
      `observation ${row}`,
    )
  );
}

/** What `GET /model` answers. */
function modelNotes(agent: LoadedAgent, spaces: PolicySpaces) {
  const { config, archive } = agent;
  return {
    name: config.name,
    agent: config.agent,
    environment: config.environment,
    observationSpace: describeSpace(spaces.observationSpace),
    observationSize: agent.policy.observationSize,
    observationNames: spaces.observationNames,
    actionSpace: describeSpace(spaces.actionSpace),
    actionChanges: actionChanges(agent),
    remembers: remembers(agent),
    timesteps: config.timesteps,
    versions: archive.versions,
  };
}

/**
 * A handler for `serveLoopback`: `POST /predict`, `GET /model`, `GET /health`,
 * `DELETE /sessions/NAME`. What it cannot do is answered with a status of 400
 * or more and `{"error": message}`.
 *
 * @param agent Acts.
 * @param options How many sessions there may be.
 */
export function predictionHandler(
  agent: LoadedAgent,
  options: SessionOptions = {},
): (request: Request) => Promise<Response> {
  const spaces = agent.makeEnvironment();
  const predictRows = rowPredictor(agent, spaces);
  const sessions = createSessions(agent, options);
  const notes = modelNotes(agent, spaces);

  function predictOne(body: Record<string, unknown>) {
    const { session, ...given } = body;
    const input = observationInputOf(given, spaces, "the observation");
    if (session === undefined) return predictRows([input])[0];
    const predictor = sessions.of(sessionName(session));
    const record: ActionRecord = predictor.predict(input);
    return { ...record, session, step: predictor.steps };
  }

  async function predict(request: Request): Promise<Response> {
    const body = await readObject(request);
    checkFields(body);
    return "observation" in body
      ? reply(predictOne(body))
      : reply({ actions: predictRows(rowsOf(body, spaces)) });
  }

  function endSession(name: string): Response {
    if (!sessions.end(name)) {
      throw new Refusal(404, `Cannot end the session ${quoted(name)}: no such`);
    }
    return new Response(null, { status: 204 });
  }

  const health = () =>
    reply({ status: "ok", model: notes.name, sessions: sessions.count });
  const routes: Record<
    string,
    Record<string, (request: Request) => Response | Promise<Response>>
  > = {
    "/predict": { POST: predict },
    "/model": { GET: () => reply(notes) },
    "/health": { GET: health },
  };

  function handle(request: Request): Response | Promise<Response> {
    if (!isFromHere(request)) {
      throw new Refusal(403, "Expected a request from this machine");
    }
    const { pathname } = new URL(request.url);
    const named = pathname.match(/^\/sessions\/([^/]+)$/)?.[1];
    const route = named === undefined
      ? Object.hasOwn(routes, pathname) ? routes[pathname] : undefined
      : { DELETE: () => endSession(decodeName(named)) };
    if (route === undefined) {
      throw new Refusal(
        404,
        `Cannot find ${quoted(pathname)}: expected ${
          Object.keys(routes).join(", ")
        } or /sessions/NAME`,
      );
    }
    // The server sends no body to HEAD.
    const method = request.method === "HEAD" ? "GET" : request.method;
    if (!Object.hasOwn(route, method)) {
      const allow = Object.keys(route).join(", ");
      throw new Refusal(
        405,
        `Cannot ${request.method} ${pathname}: expected ${allow}`,
        { allow },
      );
    }
    return route[method as keyof typeof route](request);
  }

  return async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      return refusalOf(error);
    }
  };
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, `Cannot read the session's name ${quoted(text)}`);
  }
}

function refusalOf(error: unknown): Response {
  if (error instanceof Refusal) {
    return reply({ error: error.message }, error.status, error.headers);
  }
  if (error instanceof SyntaxError || error instanceof RangeError) {
    return reply({ error: error.message }, 400);
  }
  if (error instanceof SessionLimitError) {
    return reply({ error: error.message }, 503);
  }
  throw error;
}
