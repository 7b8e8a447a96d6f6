/** From an OpenAPI 3.1 document to types: as much of JSON Schema as our routes use, and no more. */

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly (string | number)[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

interface Route {
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

export interface ApiDocument {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Route>>>>
}

interface Member {
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
}

/**
 * The module's text, as yet unformatted. `wish`: what is sent; `answers`: by status, of success.
 * @throws TypeError where a schema has what is not known here
 */
export function apiTypes({ components, paths }: ApiDocument): string {
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    required(name, typeOf(schema)),
  )
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => {
      const wish = required('wish', wishOf(route))
      const answers = required('answers', answersOf(route))
      return required(`${method.toUpperCase()} ${path}`, membersOf([wish, answers]))
    }),
  )
  return [
    '/** Made by scripts/make-api-types.ts from the OpenAPI document: do not edit. */\n',
    `export interface Schemas ${membersOf(schemas)}\n`,
    '/** By `METHOD /path`, below `/api`. */',
    `export interface Api ${membersOf(routes)}\n`,
  ].join('\n')
}

const required = (name: string, type: string): Member => ({ name, type, isRequired: true })

function wishOf({ parameters = [], requestBody }: Route): string {
  const places = { path: 'path', query: 'query', header: 'headers' }
  const members = Object.entries(places).flatMap(([place, name]): Member[] => {
    const found = parameters.filter((one) => one.in === place)
    if (found.length === 0) return []
    const inner = found.map(({ name, required = false, schema }): Member => {
      const type = required ? typeOf(schema) : `${typeOf(schema)} | undefined`
      return { name, type, isRequired: required }
    })
    return [{ name, type: membersOf(inner), isRequired: inner.some((one) => one.isRequired) }]
  })
  const body = requestBody?.content['application/json']?.schema
  if (body !== undefined) {
    members.push({ name: 'body', type: typeOf(body), isRequired: requestBody?.required === true })
  }
  return membersOf(members)
}

function answersOf({ responses }: Route): string {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  return membersOf(successes.map(([status, { content }]) => required(status, answerOf(content))))
}

function answerOf(content: Content = {}): string {
  const [first] = Object.entries(content)
  if (first === undefined) return 'undefined'
  const [mediaType, { schema = {} }] = first
  if (mediaType === 'application/json') return typeOf(schema)
  return mediaType === 'text/plain' ? 'string' : 'ReadableStream<Uint8Array>'
}

function typeOf(schema: Schema): string {
  const { $ref, allOf, type } = schema
  if ($ref !== undefined) return `Schemas['${$ref.slice($ref.lastIndexOf('/') + 1)}']`
  const either = schema.anyOf ?? schema.oneOf
  if (either !== undefined) return either.map((one) => `(${typeOf(one)})`).join(' | ')
  if (allOf !== undefined) return allOf.map((one) => `(${typeOf(one)})`).join(' & ')
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  if (typeof type === 'object') {
    return type.map((one) => `(${typeOf({ ...schema, type: one })})`).join(' | ')
  }
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
    case 'null':
      return type
    case 'integer':
      return 'number'
    case 'array':
      return arrayOf(schema)
    case 'object':
      return objectOf(schema)
    case undefined:
      return 'unknown'
    default:
      throw new TypeError(`a schema of type ${type} is not known here`)
  }
}

function arrayOf({ items = {}, prefixItems }: Schema): string {
  return prefixItems === undefined
    ? `readonly (${typeOf(items)})[]`
    : `readonly [${prefixItems.map(typeOf).join(', ')}]`
}

/** Members beyond those that are named are nobody's to rely on. */
function objectOf({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(([name, one]): Member => {
    return { name, type: typeOf(one), isRequired: required.includes(name) }
  })
  return members.length === 0 && typeof additionalProperties === 'object'
    ? `Readonly<Record<string, ${typeOf(additionalProperties)}>>`
    : membersOf(members)
}

function membersOf(members: readonly Member[]): string {
  const lines = members.map(
    ({ name, type, isRequired }) =>
      `readonly ${/^\d+$/.test(name) ? name : JSON.stringify(name)}${isRequired ? '' : '?'}: ${type}\n`,
  )
  return members.length === 0 ? '{}' : `{\n${lines.join('')}}`
}
