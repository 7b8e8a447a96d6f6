/**
 * What Prometheus reads. Labels hold patterns of routes, methods, numbers of status and names from the
 * program: nothing that somebody wrote.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { version } from '../jobs/version.ts'

interface GaugeValue {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Metrics {
  requestBegan(): void
  requestEnded(request: {
    /** The pattern, never the path. */
    readonly route: string
    readonly method: string
    readonly status: number
    readonly seconds: number
  }): void
  actBegan(): void
  actEnded(outcome: 'done' | 'failed', seconds: number): void
  blobTaken(sizeBytes: number): void
  /**
   * A gauge that is read when somebody asks, such as jobs by kind and state. Where reading fails or takes
   * more than two seconds the answer goes without it.
   */
  gauge(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: () => Promise<readonly GaugeValue[]> | readonly GaugeValue[],
  ): void
  /** In Prometheus's text format. */
  text(): Promise<string>
  readonly contentType: string
}

const patienceMilliseconds = 2000

export function createMetrics(): Metrics {
  const registers = [new Registry()] as const
  const [registry] = registers
  collectDefaultMetrics({ register: registry })

  const requests = new Counter({
    name: 'sightline_http_requests_total',
    help: 'Requests answered, by pattern of route, method and status',
    labelNames: ['route', 'method', 'status'],
    registers: [...registers],
  })
  const requestSeconds = new Histogram({
    name: 'sightline_http_request_seconds',
    help: 'From the request to the last byte of its answer',
    labelNames: ['route', 'method'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
    registers: [...registers],
  })
  const inFlight = new Gauge({
    name: 'sightline_http_requests_in_flight',
    help: 'Requests being answered',
    registers: [...registers],
  })
  const acts = new Counter({
    name: 'sightline_acts_total',
    help: 'Transactions that write, by outcome',
    labelNames: ['outcome'],
    registers: [...registers],
  })
  const actSeconds = new Histogram({
    name: 'sightline_act_seconds',
    help: 'Of a transaction that writes, with its wait for those before it',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [...registers],
  })
  const openActs = new Gauge({
    name: 'sightline_acts_open',
    help: 'Transactions that write, going on or waiting for those before them',
    registers: [...registers],
  })
  const blobs = new Counter({
    name: 'sightline_blobs_taken_total',
    help: 'Files taken in, those that were there already included',
    registers: [...registers],
  })
  const blobBytes = new Counter({
    name: 'sightline_blob_bytes_taken_total',
    help: 'Their bytes',
    registers: [...registers],
  })
  new Gauge({
    name: 'sightline_info',
    help: 'The version that runs',
    labelNames: ['version'],
    registers: [...registers],
  }).set({ version }, 1)

  return {
    requestBegan: () => inFlight.inc(),
    requestEnded: ({ route, method, status, seconds }) => {
      inFlight.dec()
      requests.inc({ route, method, status })
      requestSeconds.observe({ route, method }, seconds)
    },
    actBegan: () => openActs.inc(),
    actEnded: (outcome, seconds) => {
      openActs.dec()
      acts.inc({ outcome })
      actSeconds.observe(seconds)
    },
    blobTaken: (sizeBytes) => {
      blobs.inc()
      blobBytes.inc(sizeBytes)
    },
    gauge: (name, help, labelNames, read) => {
      const readOnce = withPatience(read)
      const gauge = new Gauge({
        name,
        help,
        labelNames: [...labelNames],
        registers: [],
        async collect() {
          this.reset()
          // Without labels a reset says 0.
          if (labelNames.length === 0) this.remove()
          for (const { labels, value } of await readOnce()) this.set({ ...labels }, value)
        },
      })
      registry.registerMetric(gauge)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

/** One read at a time, however many ask while a database does not answer. */
function withPatience(
  read: () => Promise<readonly GaugeValue[]> | readonly GaugeValue[],
): () => Promise<readonly GaugeValue[]> {
  let reading: Promise<readonly GaugeValue[]> | undefined
  return () => {
    reading ??= (async () => read())()
      .catch(() => [])
      .finally(() => {
        reading = undefined
      })
    const { promise, resolve } = Promise.withResolvers<readonly GaugeValue[]>()
    const timer = setTimeout(resolve, patienceMilliseconds, [])
    void reading.then(resolve).finally(() => clearTimeout(timer))
    return promise
  }
}
