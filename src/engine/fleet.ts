import type { ServerLoad } from '../contract/reports.ts';
import type { Hash, TaskId } from '../core/model/ids.ts';
import type { Problem } from '../core/model/problem.ts';
import type { RateBound, RunLane } from '../core/model/run.ts';
import type { ServerRole } from '../core/model/server.ts';
import type { CallStage } from '../core/model/stage.ts';
import type { Clock } from '../ports/clock.ts';
import type { LanguageModel, ServerDescription } from '../ports/languageModel.ts';
import { ClockWatch } from './clockWatch.ts';
import { Endpoint, type Costly, type Wish } from './endpoint.ts';
import { MetricsLimit } from './limit/metricsLimit.ts';

/** One server to be used: it may not have answered yet. */
export interface FleetServer {
  readonly baseUrl: string;
  readonly model: LanguageModel;
  readonly description: ServerDescription | undefined;
}

/** Servers of one model, of which at least one has answered; none at all for a run that asks nothing. */
export interface Replicas {
  readonly servers: readonly FleetServer[];
  readonly identity: string;
}

/** What a fleet is made of. */
export interface FleetOptions extends Replicas {
  /** Those that answer stage `judge`; absent: the others do. */
  readonly judge?: Replicas | undefined;
  readonly clock: Clock;
  readonly hash: Hash;
  readonly log: (text: string) => void;
}

/** A run on a fleet. */
export interface Member {
  /** There may be room, or something to be done. */
  wake(): void;
  /** Something that ends every run on these servers. */
  problem(problem: Problem): void;
}

/** A run that waits for room. */
interface Waiting {
  readonly lane: RunLane;
  readonly roles: ReadonlySet<ServerRole>;
}

/** A request to be placed. */
export interface Placing extends Wish {
  readonly task: TaskId;
  readonly request: Costly;
  /** A server that failed it, taken only where there is no other. */
  readonly avoid: Endpoint | undefined;
}

/** At least so often it is looked whether the machine slept. */
const heartbeatMs = 1_000;
/** A task leaves its home when that has so much more to do than the mean: keeps 99 % of the prefix cache's worth and balances best of four rules in simulation. */
const overload = { factor: 1.1, constant: 4 };

/**
 * The servers of one or two runs: replicas of one model, and those of the judge's where that is another, with their limits and allowances. Requests of a task go to
 * the same server, whose prefix cache knows it, unless that has too much to do.
 */
export class Fleet {
  readonly endpoints: readonly Endpoint[];
  readonly identity: string;
  /** Of the judge's servers; absent where it has none of its own. */
  readonly judgeIdentity: string | undefined;
  readonly #byRole: Readonly<Record<ServerRole, readonly Endpoint[]>>;
  readonly #clock: Clock;
  readonly #hash: Hash;
  readonly #log: (text: string) => void;
  readonly #sleep: ClockWatch;
  readonly #members = new Set<Member>();
  /** Runs with calls that found no room, by lane: nothing of bulk goes before those of an interactive one. */
  readonly #waiting = new Map<Member, Waiting>();

  constructor({ servers, identity, judge, clock, hash, log }: FleetOptions) {
    this.identity = identity;
    this.judgeIdentity = judge?.identity;
    this.#clock = clock;
    this.#hash = hash;
    this.#log = log;
    this.#sleep = new ClockWatch(clock);
    this.#byRole = { generate: this.#endpointsOf({ servers, identity }, 'generate'), judge: judge ? this.#endpointsOf(judge, 'judge') : [] };
    this.endpoints = [...this.#byRole.generate, ...this.#byRole.judge];
  }

  #endpointsOf({ servers, identity }: Replicas, role: ServerRole): readonly Endpoint[] {
    const clock = this.#clock;
    const parts = { clock, identity, role, isKnown: () => this.known(role), onChange: () => this.#wakeAll(), onProblem: (problem: Problem) => { for (const member of this.#members) member.problem(problem); } };
    return servers.map(server => {
      const endpoint = new Endpoint({ ...parts, ...server });
      if (!server.description) endpoint.watch.leave({ code: 'server-unreachable', message: `${server.baseUrl} did not answer when the run began.` }, clock.monotonicMs());
      return endpoint;
    });
  }

  /** The servers that a stage's requests go to. */
  roleOf(stage: CallStage): ServerRole {
    return stage === 'judge' && this.judgeIdentity !== undefined ? 'judge' : 'generate';
  }

  join(member: Member): void {
    this.#members.add(member);
  }

  /** Drops what a run still has under way. */
  leave(member: Member): void {
    this.#members.delete(member);
    this.#waiting.delete(member);
    this.drop(member);
    this.#wakeAll();
  }

  /** Drops the calls of a run; their replies come as `cancelled`. */
  drop(member: Member): void {
    for (const endpoint of this.endpoints) endpoint.drop(member);
  }

  /** Starts what is due, and drops what was under way when the machine slept. */
  tick(): void {
    const gapMs = this.#sleep.gapMs();
    if (gapMs !== undefined) {
      for (const endpoint of this.endpoints) endpoint.drop('all');
      this.#log(`The machine slept for ${Math.round(gapMs / 1_000)} s. Calls that were under way are asked again.`);
    }
    const nowMs = this.#clock.monotonicMs();
    for (const endpoint of this.endpoints) endpoint.tick(nowMs);
  }

  /** The next moment at which `tick` has something to do; a second from now at the latest. */
  get nextDueMs(): number {
    const nowMs = this.#clock.monotonicMs();
    return Math.min(nowMs + heartbeatMs, ...this.endpoints.map(endpoint => endpoint.nextDueMs(nowMs)));
  }

  /** Most sequences in flight at all servers that generate and can be reached; `Infinity` where only a set number binds, or nothing is asked. */
  capacity(fixed: boolean): number {
    if (this.endpoints.length === 0) return Infinity;
    const nowMs = this.#clock.monotonicMs();
    return this.#byRole.generate.reduce((sum, endpoint) => sum + endpoint.allowed(nowMs, fixed), 0);
  }

  /** Whether any server of the role takes another request. */
  hasRoom(wish: Wish): boolean {
    if (wish.lane === 'bulk' && this.#interactiveWaits(wish.role)) return false;
    const nowMs = this.#clock.monotonicMs();
    return this.#byRole[wish.role].some(endpoint => endpoint.hasRoom(wish, nowMs));
  }

  /**
   * The server that a request is to be sent to; its sequences count as in flight there from now on.
   *
   * @returns absent where no server takes it now
   */
  place(what: Placing): Endpoint | undefined {
    const endpoint = this.#choose(what);
    endpoint?.reserve(what.lane, what.request);
    return endpoint;
  }

  #choose(what: Placing): Endpoint | undefined {
    const nowMs = this.#clock.monotonicMs();
    const all = this.#byRole[what.role];
    const open = all.filter(endpoint => endpoint.hasRoom(what, nowMs, what.request));
    const [first] = open;
    if (!first || all.length === 1) return first;
    const alive = all.filter(endpoint => endpoint.watch.state !== 'gone');
    const mean = alive.reduce((sum, endpoint) => sum + endpoint.inFlight, 0) / alive.length;
    const home = this.#homeOf(what.task, alive);
    if (home && home !== what.avoid && open.includes(home) && home.inFlight <= overload.factor * mean + overload.constant) return home;
    const rest = open.filter(endpoint => endpoint !== what.avoid);
    const fill = (endpoint: Endpoint) => endpoint.inFlight / Math.min(endpoint.allowed(nowMs, what.fixed), 1e6);
    return (rest.length > 0 ? rest : open).reduce((least, endpoint) => (fill(endpoint) < fill(least) ? endpoint : least));
  }

  /** Says at which servers a run could send more calls now and finds no room. */
  want(member: Member, lane: RunLane, roles: ReadonlySet<ServerRole>): void {
    const hadToWait = this.#interactiveWaits();
    if (roles.size > 0) this.#waiting.set(member, { lane, roles });
    else this.#waiting.delete(member);
    for (const endpoint of this.endpoints) endpoint.want([...this.#waiting.values()].some(waiting => waiting.roles.has(endpoint.role)));
    if (hadToWait && !this.#interactiveWaits()) this.#wakeAll();
  }

  /** Whether a server of the role has answered a request. */
  known(role: ServerRole): boolean {
    return this.#byRole[role].some(({ watch }) => watch.answeredSince(0));
  }

  /** A reply has made room. */
  freed(): void {
    for (const [member, { lane }] of this.#waiting) if (lane === 'interactive') member.wake();
  }

  /** All servers as they stand. @param most where the number in flight was set */
  loads(most: number | undefined): ServerLoad[] {
    const nowMs = this.#clock.monotonicMs();
    return this.endpoints.map(endpoint => endpoint.load(nowMs, most));
  }

  /** What keeps a call that finds no room from being sent. */
  get bound(): RateBound {
    const nowMs = this.#clock.monotonicMs();
    const up = this.endpoints.filter(endpoint => endpoint.watch.state !== 'gone');
    if (up.every(endpoint => endpoint.limited(nowMs))) return 'rate-limit';
    if (up.some(({ limit }) => limit.ramping)) return 'ramp';
    return up.some(({ limit }) => limit instanceof MetricsLimit && limit.cacheBound) ? 'cache' : 'queue';
  }

  /** A server says that requests wait there: more of them would bring nothing. */
  get saturated(): boolean {
    return this.endpoints.some(({ gauges }) => (gauges?.waiting ?? 0) > 2);
  }

  /** What is waited for where a server is gone; absent when all are there. */
  get outage(): string | undefined {
    const monotonicMs = this.#clock.monotonicMs();
    const nowMs = this.#clock.nowMs();
    const gone = this.endpoints.filter(endpoint => endpoint.watch.state === 'gone');
    const [first] = gone;
    const outage = first?.watch.outage;
    if (!first || !outage) return undefined;
    const since = new Date(nowMs - (monotonicMs - outage.sinceMs)).toISOString().slice(0, 19).replace('T', ' ');
    const rest = gone.length < this.endpoints.length ? ` The other ${this.endpoints.length - gone.length} go on.` : ' Nothing is lost; the run goes on when it is back.';
    const again = Math.max(1, Math.round((outage.nextProbeMs - monotonicMs) / 1_000));
    return `waiting for ${first.baseUrl}, gone since ${since} UTC; asking again in ${Number.isFinite(again) ? again : 1} s.${rest} ${outage.problem.message}`;
  }

  async close(): Promise<void> {
    await Promise.all(this.endpoints.map(endpoint => endpoint.close()));
  }

  #interactiveWaits(role?: ServerRole): boolean {
    return [...this.#waiting.values()].some(({ lane, roles }) => lane === 'interactive' && (role === undefined || roles.has(role)));
  }

  /** The server of the highest number among those that its name and the task's make (rendezvous hashing): when one goes, only its tasks move. */
  #homeOf(task: TaskId, alive: readonly Endpoint[]): Endpoint | undefined {
    let home: { readonly endpoint: Endpoint; readonly score: string } | undefined;
    for (const endpoint of alive) {
      const score = this.#hash(`${endpoint.baseUrl}|${task}`);
      if (!home || score > home.score) home = { endpoint, score };
    }
    return home?.endpoint;
  }

  #wakeAll(): void {
    for (const member of this.#members) member.wake();
  }
}
