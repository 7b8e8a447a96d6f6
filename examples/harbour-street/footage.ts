/**
 * The example's scene: Harbour Street in the invented town of Port Ellery, on a
 * Sunday at about 5 pm, and the same street at nightfall. Scene time 0 is about
 * 17:02. Nobody and nothing in it is real.
 */
import type {
  Camera,
  Colour,
  Microphone,
  Person,
  Phone,
  Place,
  Scene,
  SoundSource,
  Vehicle,
  Waypoint,
} from '../../test/support/scene/scene.ts'
import { houses, rectangle, streetPatches } from '../../test/support/scene/street.ts'

const street = 'harbour-street'
const afterwards = 'harbour-street-afterwards'
const night = 'harbour-street-at-nightfall'
/** Scene time at which the recording at nightfall begins: 21:24. */
const nightSeconds = 15720

const flashesHiddenFromAll = ['bakery', 'tram-stop', 'balcony', 'car-park']

const water: Colour = [118, 142, 152]
const rail: Colour = [92, 92, 94]

function harbourStreet(id: string, light: Place['light'], markers: readonly [number, number][]): Place {
  const rails = [0.5, 1.95, 2.75, 4.2].map((y) => rectangle(rail, -220, 52, y - 0.05, y + 0.05))
  const quay = [
    rectangle([168, 164, 156], 46, 54, -220, 220),
    rectangle(water, 54, 400, -300, 300),
  ]
  const rows = [...houses(110, 16.5, 26), ...houses(110, -16.5, -26)].filter((block) => block.to.xMetres < 44)
  return {
    id,
    light,
    ground: [172, 176, 162],
    patches: [...streetPatches(220), ...rails, ...quay],
    blocks: [
      ...rows,
      // The tram stop's shelter and two crates by the bakery.
      block([28.5, 7.2], [33, 8.4], 2.4, [104, 118, 122]),
      block([-22, -9.5], [-21, -8.7], 0.7, [150, 122, 88]),
      block([-20.7, -9.6], [-19.9, -8.8], 0.5, [150, 122, 88]),
      ...markers.map(([x, y]) => block([x, y], [x + 0.18, y + 0.18], 0.26, [228, 186, 40])),
    ],
    walls: [
      { axis: 'y', atMetres: 16.5, returned: 0.4 },
      { axis: 'y', atMetres: -16.5, returned: 0.4 },
    ],
    echoSeconds: 0.7,
  }
}

function block(from: readonly [number, number], to: readonly [number, number], heightMetres: number, colour: Colour) {
  return {
    from: { xMetres: from[0], yMetres: from[1] },
    to: { xMetres: to[0], yMetres: to[1] },
    heightMetres,
    colour,
    windows: false,
  }
}

/** Waypoints as [scene second, x, y]. */
function way(...points: readonly (readonly [number, number, number])[]): Waypoint[] {
  return points.map(([atSeconds, xMetres, yMetres]) => ({ atSeconds, xMetres, yMetres }))
}

/** Pushing to and fro about a spot until `to`. */
function scuffle(x: number, y: number, to: number, phase: number): [number, number, number][] {
  return Array.from({ length: Math.floor(to / 0.7) }, (_, index) => {
    const turn = index * 2.4 + phase
    return [index * 0.7, x + 0.55 * Math.cos(turn), y + 0.4 * Math.sin(1.3 * turn)]
  })
}

function person(id: string, place: string, clothes: Colour, path: readonly Waypoint[], more: Partial<Person> = {}): Person {
  return { kind: 'person', id, place, clothes, path, heightMetres: 1.76, hair: [62, 48, 38], ...more }
}

const uniform: Colour = [44, 54, 84]
const officer = { band: [222, 226, 120], hair: [34, 40, 62], heightMetres: 1.82 } as const satisfies Partial<Person>

function car(place: string, path: readonly Waypoint[], more: Partial<Vehicle> = {}): Vehicle {
  return {
    kind: 'vehicle',
    id: 'car',
    place,
    path,
    size: { lengthMetres: 4.4, widthMetres: 1.8, heightMetres: 1.46 },
    paint: [142, 58, 50],
    headingDegrees: 0,
    figures: [
      { along: 0.3, side: 1, small: false },
      { along: 0.32, side: -1, small: false },
      { along: 0.74, side: -1, small: true },
      { along: 0.78, side: 1, small: true },
    ],
    ...more,
  }
}

function van(place: string): Vehicle {
  return {
    ...car(place, way([0, -20, -3.7])),
    id: 'van',
    size: { lengthMetres: 5.2, widthMetres: 2, heightMetres: 2.2 },
    paint: [206, 208, 204],
    figures: [],
  }
}

const actors: Scene['actors'] = [
  car(street, way([0, 0, -2.6], [38.6, 0, -2.6], [40.6, -2.4, -2.6]), { lightsFromSeconds: 30.4 }),
  van(street),
  person('man-in-red', street, [176, 70, 58], way(...scuffle(-4, 1.6, 23, 0), [27, -10.5, 4.2], [37.6, -10.5, 4.4], [42, -24, 7.5])),
  person('man-in-green', street, [88, 128, 84], way(...scuffle(-3, 2.1, 23, 2), [26, 0.5, 5.8], [37.8, 0.8, 6], [41, 10, 8.5], [48, 26, 9.5])),
  person('man-in-grey', street, [128, 130, 136], way(...scuffle(-3.6, 2.6, 22, 4), [25, -4.5, -0.5], [31, -4.2, -4.9], [37.5, -4.2, -5], [41, -12, -5.6], [45, -27, -6.2])),
  person('officer-one', street, uniform, way([0, 19, 0.6], [13, 18, 0.4], [20, -1.6, 1.2], [26, -1, 0.6], [31, 4.5, -0.9], [41, 4.5, -0.9], [42, 5.6, 0.4], [60, 5.4, 0.4], [64, 2, -0.4]), officer),
  person('officer-two', street, uniform, way([0, 20.4, 1.4], [14, 19.4, 1.3], [21, -5.4, 3.4], [27, -4.4, 2.2], [32, 1.7, 1.3], [58, 1.7, 1.4], [63, -1, 0]), officer),
  person('woman-in-ochre', street, [196, 152, 74], way([0, -7, 8], [37.6, -7, 8], [40, -13, 9.5], [46, -28, 9]), { heightMetres: 1.66, hair: [96, 66, 44] }),
  person('man-in-blue', street, [92, 118, 156], way([0, 8, 8.4], [37.7, 8, 8.4], [41, 17, 9.2]), { heightMetres: 1.72 }),
  person('cyclist-on-foot', street, [150, 96, 132], way([0, -38, 6.4], [30, -17, 6.6], [38, -14, 6.4], [43, -34, 7.2]), { heightMetres: 1.68 }),
  car(afterwards, way([0, -2.4, -2.6]), { figures: [] }),
  van(afterwards),
  person('officer-afterwards', afterwards, uniform, way([0, 3.4, 2.4]), officer),
  car(night, way([0, -2.4, -2.6]), { figures: [] }),
  person('officer-at-night', night, uniform, way([nightSeconds, 7, 0.5], [nightSeconds + 20, -6, 0.8], [nightSeconds + 34, -6.5, -0.6], [nightSeconds + 50, 4, -0.2]), officer),
  person('officer-at-night-two', night, uniform, way([nightSeconds, -9, 2.4], [nightSeconds + 50, -7.5, 2.2]), officer),
]

let sounds = 0
function sound(kind: SoundSource['kind'], place: string, atSeconds: number, durationSeconds: number, level: number, path: readonly Waypoint[], id?: string): SoundSource {
  sounds += 1
  return { id: id ?? `${kind}-${sounds}`, kind, place, atSeconds, durationSeconds, level, path, seed: 7100 + sounds }
}

function bang(number: number, atSeconds: number, x: number, y: number, heightMetres: number, hiddenFrom: readonly string[]): SoundSource {
  return {
    ...sound('bang', street, atSeconds, 0.4, 22, way([0, x, y]), `sound-${number}`),
    flash: { heightMetres, hiddenFrom },
  }
}

const heard: SoundSource[] = [
  // Nobody's picture shows where the first came from: between the car and officer one.
  bang(1, 37.2, 3, -1.8, 1.2, flashesHiddenFromAll),
  bang(2, 38.47, 4.2, -1.2, 1.4, ['bakery']),
  bang(3, 38.93, 4.2, -1.2, 1.4, ['bakery']),
  bang(4, 39.81, -2.3, -3.7, 1.15, ['tram-stop', 'balcony']),
  bang(5, 40.22, 1.5, 1.1, 1.4, ['bakery']),
  bang(6, 40.66, 1.5, 1.1, 1.4, ['bakery', 'car-park']),
  bang(7, 42.35, 5.4, 0.3, 1.4, []),
  sound('voice', street, 0, 27, 1.1, way([0, -4, 1.6])),
  sound('voice', street, 0, 25, 0.9, way([0, -3, 2.4])),
  sound('voice', street, 19, 9, 1.4, way([0, -3.4, 1.8])),
  sound('voice', street, 33.1, 3.6, 2.4, way([0, 4.5, -0.9]), 'call'),
  sound('voice', street, 43.5, 14, 1.6, way([0, 5.5, 0.4])),
  sound('voice', street, 38, 16, 1.5, way([38, -7, 8], [46, -28, 9])),
  sound('voice', street, 0, 70, 0.5, way([0, 8, 8.4])),
  sound('vehicle', street, 0, 75, 0.3, way([0, 50, -140], [75, 50, 180])),
  sound('vehicle', street, 0, 75, 0.25, way([0, 49, 260], [75, 49, -120])),
  sound('vehicle', street, 0, 75, 0.35, way([0, -210, 40], [75, -120, 40])),
  sound('bell', street, 12.5, 1.6, 1.2, way([0, 30, 2.3])),
  sound('siren', street, 47, 28, 2.6, way([47, -300, 1], [75, -40, 1])),
  sound('voice', night, nightSeconds, 60, 0.35, way([0, 2, 0.3])),
  sound('voice', night, nightSeconds + 6, 40, 0.3, way([0, -8, 2.3])),
  sound('vehicle', night, nightSeconds, 60, 0.25, way([nightSeconds, 50, -90], [nightSeconds + 60, 50, 150])),
  sound('thump', night, nightSeconds + 23.4, 0.3, 1.6, way([0, -3, -3.4])),
]

function camera(widthPixels: number, heightPixels: number, more: Partial<Camera>): Camera {
  return {
    widthPixels,
    heightPixels,
    rotationDegrees: 0,
    frameRate: { frames: 30, seconds: 1 },
    startSeconds: 0,
    heightMetres: 1.6,
    lookAt: { xMetres: 0, yMetres: -0.6 },
    lookAtHeightMetres: 1.6,
    fieldOfViewDegrees: 46,
    ...more,
  }
}

function microphone(more: Partial<Microphone>): Microphone {
  return {
    sampleRateHz: 48000,
    startSeconds: 0,
    noiseLevel: 0.0005,
    ambienceLevel: 0.0015,
    lowCutHz: 90,
    highCutHz: 11000,
    gain: 1.6,
    gainControl: { kind: 'automatic', target: 0.12, maximum: 7, releaseSeconds: 0.9 },
    windLevel: 0,
    handling: [],
    ...more,
  }
}

const bakery: Phone = {
    id: 'bakery',
    place: street,
    position: { xMetres: -15, yMetres: -10.5 },
    startSeconds: 2.137,
    endSeconds: 68.2,
    rate: 1 + 38e-6,
    camera: camera(1280, 720, { lookAt: { xMetres: 0, yMetres: -0.5 } }),
    microphone: microphone({ handling: [{ atSeconds: 8.3, level: 0.3 }] }),
    format: 'mp4-h264-aac',
    seed: 501,
  }

const phones: Phone[] = [
  bakery,
  {
    id: 'tram-stop',
    place: street,
    position: { xMetres: 24, yMetres: 8.6 },
    startSeconds: 9.412,
    endSeconds: 70.1,
    rate: 1 - 61e-6,
    camera: camera(720, 1280, {
      rotationDegrees: 90,
      frameRate: { frames: 30000, seconds: 1001 },
      variable: { jitter: 0.12, droppedShare: 0.012 },
      lookAtHeightMetres: 1.9,
      lookAt: { xMetres: 0.6, yMetres: -0.4 },
      fieldOfViewDegrees: 26,
    }),
    microphone: microphone({ startSeconds: 0.083, gain: 2, handling: [{ atSeconds: 5.1, level: 0.5 }] }),
    format: 'mov-hevc-aac',
    seed: 502,
  },
  {
    id: 'balcony',
    place: street,
    position: { xMetres: -9, yMetres: 15.6 },
    startSeconds: 0.268,
    endSeconds: 62.4,
    rate: 1 + 12e-6,
    camera: camera(960, 540, {
      frameRate: { frames: 25, seconds: 1 },
      heightMetres: 6.4,
      lookAt: { xMetres: 0, yMetres: 0 },
      lookAtHeightMetres: 0.8,
      fieldOfViewDegrees: 58,
    }),
    microphone: microphone({ gainControl: { kind: 'none' }, gain: 2.4, windLevel: 0.006 }),
    format: 'webm-vp9-opus',
    seed: 503,
  },
  {
    id: 'car-park',
    place: street,
    position: { xMetres: 33, yMetres: -13.2 },
    startSeconds: 17.03,
    endSeconds: 66.4,
    rate: 1 - 85e-6,
    camera: camera(352, 288, {
      frameRate: { frames: 24, seconds: 1 },
      lookAt: { xMetres: 0.5, yMetres: 0.4 },
      lookAtHeightMetres: 1.8,
      fieldOfViewDegrees: 26,
    }),
    microphone: microphone({ sampleRateHz: 44100, highCutHz: 3400, lowCutHz: 180, windLevel: 0.02, ambienceLevel: 0.002 }),
    format: '3gp-mpeg4-aac',
    seed: 504,
  },
  {
    id: 'nightfall',
    place: night,
    position: { xMetres: -16, yMetres: -9 },
    startSeconds: nightSeconds + 0.6,
    endSeconds: nightSeconds + 48.8,
    rate: 1 + 21e-6,
    camera: camera(1280, 720, { lookAt: { xMetres: -1, yMetres: -1 } }),
    microphone: microphone({ sampleRateHz: 44100, windLevel: 0.004 }),
    format: 'mp4-h264-aac',
    seed: 505,
  },
]

/** The still photo's camera: no phone of the scene, and no code in its picture. */
export const kerbCamera: Phone = {
  ...bakery,
  id: 'kerb',
  place: afterwards,
  position: { xMetres: 9.5, yMetres: -8.4 },
  camera: camera(1280, 960, { lookAt: { xMetres: 1.2, yMetres: -1.2 }, lookAtHeightMetres: 0.9, fieldOfViewDegrees: 56 }),
}

export function harbourStreetScene(): Scene {
  return {
    seed: 7100,
    durationSeconds: 72,
    places: [
      harbourStreet(street, 'day', []),
      harbourStreet(afterwards, 'day', [[3.1, -0.9], [3.7, -1.9], [4.9, 0.2], [1.1, 0.9], [-3.4, -4.6]]),
      harbourStreet(night, 'night', []),
    ],
    sounds: heard,
    actors,
    phones,
  }
}
