import { z } from 'zod'
import type { RecipeDraft } from './exhibit.ts'
import type { Recipe } from './recipe.ts'

/**
 * A recipe out of a stranger's bundle. Whatever passes here may be rendered
 * again: every number has bounds, and nothing in it reaches a command line but
 * through `media/`'s own functions.
 */
const whole = z.number().int().min(-1e15).max(1e15)
const count = z.number().int().min(0).max(1e9)
const side = z.number().int().min(1).max(20_000)
const timescale = z.number().int().min(1).max(1e9)

const picture = z.strictObject({
  streamIndex: z.number().int().min(0).max(1000),
  timescale,
  rotationDegrees: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  widthPixels: side,
  heightPixels: side,
})

const enlargement = z.strictObject({
  crop: z.strictObject({ x: count, y: count, width: side, height: side }),
  factor: z.number().int().min(1).max(16),
  kernel: z.enum(['neighbor', 'bilinear', 'bicubic', 'lanczos']),
})

const stream = z.number().int().min(0).max(1000)

const clip = z.strictObject({
  picture,
  span: z.strictObject({
    firstFrame: count,
    lastFrame: count,
    firstTicks: whole,
    lastTicks: whole,
    beforeTicks: whole.optional(),
    endTicks: whole,
  }),
  slowdown: z.number().int().min(1).max(32),
  enlargement: enlargement.optional(),
  maxSidePixels: side,
  soundStreamIndex: stream.optional(),
  burnedClock: z.boolean(),
})

const still = z.strictObject({
  picture,
  frame: count,
  ticks: whole,
  beforeTicks: whole.optional(),
  endTicks: whole,
  enlargement: enlargement.optional(),
  maxSidePixels: side,
})

const composite = z.strictObject({
  fromMicroseconds: whole,
  toMicroseconds: whole,
  framesPerSecond: z.number().int().min(1).max(120),
  columns: z.number().int().min(1).max(9),
  cellWidthPixels: z.number().int().min(16).max(1920),
  cellHeightPixels: z.number().int().min(16).max(1920),
  angles: z
    .array(
      z.strictObject({
        picture,
        label: z.string().max(300),
        offsetMicroseconds: whole,
        ratePartsPerBillion: z.number().int().min(5e8).max(2e9),
        firstTicks: whole,
        endTicks: whole,
        soundStreamIndex: stream.optional(),
      }),
    )
    .min(1)
    .max(9),
  soundInput: z.number().int().min(0).max(8).optional(),
  asPicture: z.literal(true).optional(),
})

const photo = z.strictObject({ sourceFormat: z.enum(['jpeg', 'png', 'heic']), maxSidePixels: side })

const facsimile = z.strictObject({
  page: z.number().int().min(1).max(100_000),
  dotsPerInch: z.number().int().min(10).max(600),
})

const cover = z.strictObject({
  widthPixels: z.number().int().min(16).max(3840),
  heightPixels: z.number().int().min(16).max(3840),
  lines: z.array(z.string().max(300)).max(20),
})

const tool = z.strictObject({
  name: z.enum(['ffmpeg', 'pdftoppm', 'heif-convert']),
  version: z.string().max(200),
  arguments: z.array(z.string().max(100_000)).max(2000),
})

const recipe = z.discriminatedUnion('kind', [
  of('clip', clip),
  of('still', still),
  of('composite', composite),
  of('photo', photo),
  of('facsimile', facsimile),
  of('cover', cover),
])

function of<Kind extends string, Parameters extends z.ZodType>(kind: Kind, parameters: Parameters) {
  return z.strictObject({
    format: z.literal('sightline-recipe/1'),
    kind: z.literal(kind),
    inputs: z
      .array(
        z.strictObject({
          item: z.string().regex(/^[0-9a-f]{64}$/),
          container: z.string().max(20).optional(),
        }),
      )
      .min(1)
      .max(100),
    parameters,
    tool,
  })
}

/** The recipe of an exhibit, or why it is none. */
export function readExhibitRecipe(
  value: unknown,
): { readonly recipe: Recipe; readonly draft: RecipeDraft } | { readonly reason: string } {
  const parsed = recipe.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return {
      reason: `${issue?.path.join('.') ?? 'the recipe'}: ${issue?.message ?? 'is not understood'}`,
    }
  }
  const { tool: _tool, ...draft } = parsed.data
  // zod's optional members may be undefined in type; strict JSON has no undefined.
  return { recipe: parsed.data as Recipe, draft: draft as RecipeDraft }
}
