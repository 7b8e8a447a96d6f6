import { readFileSync } from 'node:fs'
import { scoreScene } from './bench/align-score.ts'
const [, , dir, out] = process.argv
const truth = JSON.parse(readFileSync(dir + '/truth.json', 'utf8'))
const r = JSON.parse(readFileSync(out!, 'utf8'))
const idOf = (p: string) => p.split('/').at(-1)!.replace(/\.\w+$/, '')
const sc = scoreScene(truth, { groups: r.groups.map((g: any) => ({ members: g.members.map((m: any) => ({ ...m, id: idOf(m.path) })) })) })
const f = sc.pairs.filter((p) => p.found)
console.log('pairs', sc.pairs.length, 'found', f.length, '1ms', f.filter((p) => p.found!.errorSeconds < .001).length, '10ms', f.filter((p) => p.found!.errorSeconds < .01).length, 'false', sc.falseLinks.length, sc.falseLinks.slice(0, 8).map(x => `${x.a}-${x.b} ${x.why}`), 'bars', sc.honestBars, '/', sc.bars)
console.log('groups', r.groups.map((g: any) => g.members.length), 'links', r.groups.map((g: any) => g.links.length), 'rejected', r.groups.map((g: any) => g.links.filter((l: any) => !l.accepted).length), 'split', r.groups.flatMap((g: any) => g.members.filter((m: any) => m.pieces.length > 1).map((m: any) => m.path.split('/').at(-1) + ':' + m.pieces.length)), 'reup', r.reuploads?.length, 'imp', r.impulses?.length)
const errs = f.map((p) => p.found!.errorSeconds).sort((a, b) => b - a); console.log(errs.slice(0, 10).map((x) => (x * 1000).toFixed(1)).join(' '))
console.log(sc.pairs.filter((p) => !p.found).slice(0, 20).map((p) => `${p.a}-${p.b} ${p.overlapSeconds.toFixed(0)}s ${p.worstSnrDecibels.toFixed(0)}dB`).join(', '))
