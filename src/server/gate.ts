/**
 * The one choke point for access. A route is registered here with the access that
 * it needs, or it does not answer at all; nothing of it runs before that is granted.
 */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Handler, Hono, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { nobody, type Asker } from '../access/asker.ts'
import type { Action } from '../access/roles.ts'
import { isSameOrigin } from './same-origin.ts'
import { ProblemError } from './problem.ts'

export interface GateEnv {
  readonly Variables: {
    /** Nobody, where a route is for anyone: ask `identify` there. */
    asker: Asker
    identify: () => Promise<Asker>
    granted?: true
  }
}

export type GateContext = Context<GateEnv>

/** What a route needs. */
export type Access =
  /** Also for those who are not signed in; what limits them the handler sees to. */
  | { readonly to: 'anyone' }
  /** A person, with whatever role; no token. */
  | { readonly to: 'signed-in'; readonly isFresh?: true }
  | {
      readonly to: Action
      /**
       * The incident within which: a parameter of the path, or found by what the path names
       * (undefined: there is no such thing; null: it belongs to none). Without it the whole
       * installation is meant.
       */
      readonly within?: string | ((context: GateContext) => Promise<string | null | undefined>)
      /** Of a list: enough that they may in some incident; the handler shows only those. */
      readonly isList?: true
      /** Signed in anew not long ago: publishing, originals, deleting, roles. */
      readonly isFresh?: true
    }

const declaration = 'x-access'

/** What a route of the interface needs: `createRoute({ ...needs(…), method, path, … })`. */
export const needs = (access: Access) => ({
  middleware: guard(access),
  [declaration]: described(access),
})

/** As the OpenAPI document tells it. */
export const described = (access: Access): string =>
  access.to + ('isFresh' in access ? ', signed in anew' : '')

/** A route that the OpenAPI document does not describe: a page, a stream. */
export function page(
  app: Hono<GateEnv>,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS',
  path: string,
  access: Access,
  handler: Handler<GateEnv>,
): void {
  pagesOf(app).set(`${method} ${path}`, access)
  app.on(method, path, guard(access), handler)
}

const pages = new WeakMap<object, Map<string, Access>>()

function pagesOf(app: object): Map<string, Access> {
  const known = pages.get(app) ?? new Map<string, Access>()
  pages.set(app, known)
  return known
}

/** Every route that answers, `METHOD /path`, with how it is described. */
export function declaredRoutes(
  app: Hono<GateEnv>,
  api: OpenAPIHono<GateEnv>,
  apiPath: string,
): Map<string, string> {
  const declared = new Map<string, string>()
  for (const [route, access] of pagesOf(app)) declared.set(route, described(access))
  for (const [route, access] of pagesOf(api)) {
    declared.set(route.replace(' ', ` ${apiPath}`), described(access))
  }
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue
    const { route } = definition
    const access: unknown = Object.entries(route).find(([name]) => name === declaration)?.[1]
    const path = route.path.replaceAll(/\/\{(.+?)\}/g, '/:$1')
    if (typeof access === 'string') {
      declared.set(`${route.method.toUpperCase()} ${apiPath}${path}`, access)
    }
  }
  return declared
}

/**
 * Goes before everything: says who asks, and lets nothing through whose access is not declared.
 * `declared` is asked at the first request, when all routes are there.
 */
export function gate(
  authenticate: (context: GateContext) => Promise<Asker>,
  declared: () => ReadonlyMap<string, string>,
): MiddlewareHandler<GateEnv> {
  let known: ReadonlyMap<string, string> | undefined
  return async (context, next) => {
    known ??= declared()
    const routes = matchedRoutes(context).filter(({ method }) => method !== 'ALL')
    if (routes.some(({ method, path }) => known?.has(`${method} ${path}`) !== true)) {
      throw new Error(`a route without declared access: ${routes.map(({ path }) => path).join()}`)
    }
    context.set('asker', nobody)
    context.set('identify', () => authenticate(context))
    if (!isSameOrigin(context.req)) {
      throw new ProblemError(
        403,
        'This was sent from another page than the desk’s own. Open the desk’s page and send it from there.',
        'other-origin',
      )
    }
    await next()
    if (routes.length > 0 && context.get('granted') !== true && context.error === undefined) {
      throw new Error(`${routes[0]?.path} answered without being granted access`)
    }
  }
}

function guard(access: Access): MiddlewareHandler<GateEnv> {
  return async (context, next) => {
    await require(context, access)
    context.set('granted', true)
    await next()
  }
}

/** @throws ProblemError 401, 403, and 404 to those who may not know that there is such a thing */
async function require(context: GateContext, access: Access): Promise<void> {
  if (access.to === 'anyone') return
  const asker = await context.get('identify')()
  context.set('asker', asker)
  if (asker.kind === 'nobody') {
    context.header('www-authenticate', 'Bearer')
    throw new ProblemError(401, 'Sign in first.')
  }
  if (access.to === 'signed-in') {
    if (asker.kind !== 'person') throw new ProblemError(403, 'This is for people who signed in.')
  } else {
    const within =
      typeof access.within === 'function'
        ? await access.within(context)
        : access.within && context.req.param(access.within)
    if (access.within !== undefined && within !== null) {
      const knows = within !== undefined && asker.may('incident.read', within)
      if (!knows && (within === undefined || !asker.may(access.to, within))) {
        throw new ProblemError(404, 'There is no such thing, or you may not know of it.')
      }
    }
    const may =
      access.isList === true
        ? asker.incidents(access.to) === 'all' || asker.incidents(access.to).length > 0
        : asker.may(access.to, within ?? undefined)
    if (!may) {
      throw new ProblemError(403, `Your role does not allow this (${access.to}); ask an owner.`)
    }
  }
  if (access.isFresh === true && !asker.isFresh) {
    throw new ProblemError(403, 'Sign in again to do this.', 'reauthentication-required')
  }
}
