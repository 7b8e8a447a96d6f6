/** An invented incident, small, with one of everything that a page can show. */
export const sampleCaseYaml = `
format: sightline-case/1
incident:
  id: ropewalk-lane
  title: The cart on Ropewalk Lane
  place: Ropewalk Lane, Eastmere
  timezone: UTC
  date: 2026-05-17
  zero: { footage: bakery, at: 6.5, label: 'first bang, heard in Bakery window' }
  clock-time: { at: '2026-05-17T15:02:10Z', plus-minus-seconds: 30, basis: the church bell heard in Bakery window }
footage:
  - { id: bakery, file: footage/a.mp4, label: Bakery window, source: baker, credit: "Filmed by the baker’s daughter" }
  - { id: bridge, file: footage/b.mp4, label: Footbridge, source: cyclist }
  - { id: balcony, file: footage/c.mp4, label: Third-floor balcony }
  - { id: nightfall, file: footage/d.mp4, label: Yard at nightfall }
documents:
  - { id: release, file: documents/release.pdf, title: 'Harbour Authority: statement on Ropewalk Lane', received: 2026-05-18 }
  - { id: courier, file: documents/courier.txt, title: 'The Eastmere Courier, page 3', received: 2026-05-19 }
sources:
  - { id: authority, name: Harbour Authority, kind: authority }
  - { id: baker, name: '“Anna”, a baker', kind: witness, about: Name withheld at her request. }
  - { id: cyclist, name: A cyclist on the footbridge, kind: witness }
  - { id: paper, name: The Eastmere Courier, kind: news outlet }
accounts:
  - { id: release, source: authority, date: 2026-05-18, document: release }
  - { id: article, source: paper, date: 2026-05-19, document: courier }
  - { id: anna-note, source: baker, date: 2026-05-20~, note: Spoken to on the phone. }
  - { id: in-bakery, source: baker, date: 2026-05-17, footage: bakery }
  - { id: in-bridge, source: cyclist, date: 2026-05-17, footage: bridge }
statements:
  - id: one-bang
    account: release
    quote: a single warning device was used after the cart had come to a halt
    on: [{ claim: single, stance: asserts }, { claim: halted, stance: asserts }]
  - id: no-injury
    account: release
    quote: no person was hurt
    on: [{ claim: unhurt, stance: asserts }]
  - id: several
    account: article
    quote: Residents speak of “at least four” bangs within seconds.
    on: [{ claim: single, stance: denies }]
  - id: anna-moving
    account: anna-note
    quote: The cart was still rolling. I saw the wheel turn.
    on: [{ claim: halted, stance: denies }]
  - id: anna-perhaps
    account: anna-note
    quote: I counted bangs, but there is an echo in the lane.
    on: [{ claim: single, stance: qualifies }]
  - { id: stop, account: in-bakery, quote: Stop the cart!, from: 4.2, to: 5.4 }
  - { id: that-was-two, account: in-bridge, quote: That was two. That was two!, from: 7.9, to: 9.6, on: [{ claim: single, stance: denies }] }
claims:
  - { id: single, text: A single warning device was used. }
  - { id: halted, text: The cart had come to a halt before the first bang., about: The statement of 18 May rests on this. }
  - { id: unhurt, text: No person was hurt. }
observations:
  - id: wheel
    claim: halted
    by: R. Okonjo
    date: 2026-05-24
    judgement: contradicts
    moment: { footage: bakery, from: 6.2, to: 6.8 }
    note: The front wheel turns in every frame from 6.2 to 6.8 s.
  - id: bangs
    claim: single
    by: R. Okonjo
    date: 2026-05-24
    judgement: contradicts
    moment: { footage: bridge, from: 6, to: 9 }
    note: Two impulsive sounds 1.4 s apart, in three recordings.
  - { id: hurt, claim: unhurt, by: L. Marsh, date: 2026-05-25, judgement: not visible }
questions:
  - { id: orders, text: Who ordered the device to be used?, to: authority, asked: 2026-05-20, would-answer: The radio log of that hour. }
  - { id: inquiry, text: Which body leads the inquiry?, to: authority, asked: 2026-05-20, answered: { statement: no-injury, date: 2026-05-28 } }
events:
  - { id: shout, label: Somebody shouts from the bakery, footage: bakery, at: 4.2, to: 5.4, plus-minus-seconds: 0.1 }
  - { id: bang-1, label: First bang, footage: bakery, at: 6.5, plus-minus-seconds: 0.01, kind: impulsive sound, decision: confirmed, by: R. Okonjo }
  - { id: bang-2, label: Second bang, footage: bridge, at: 7.75, plus-minus-seconds: 0.01, kind: impulsive sound, decision: confirmed, by: R. Okonjo }
  - { id: cart-stops, label: The cart stops, footage: balcony, at: 8.2, plus-minus-seconds: 0.4, note: Hidden behind a van for half a second. }
  - { id: cart-hidden, label: The cart is out of sight of the footbridge, footage: bridge, at: 9.3, plus-minus-seconds: 0.1 }
  - { id: yard, label: A gate is closed, footage: nightfall, at: 3.1 }
  - { id: handover, label: The inquiry is handed to another agency, date: 2026-05-28?, kind: inquiry, sources: [paper] }
`

export const sampleStoryMarkdown = `---
title: Nine seconds on Ropewalk Lane
standfirst: Three phones filmed a hand cart roll into a cordon. The authority speaks of one warning device, used after the cart had stopped. The recordings hold two bangs, the first while its wheel still turns.
byline: The Eastmere Desk
warning: The recordings hold two loud bangs and shouting, from 0:06. Nobody is seen to be hurt.
corrections:
  - { date: 2026-06-02, text: "An earlier version gave the second bang as +1.5 s; it is +1.4 s." }
---

:::shows
Two impulsive sounds, [1.4 seconds](#timeline-1) apart, in three recordings. The cart’s wheel turns :moment[at the first]{clock="0"}.
:::

:::disputed
Whether :claim[one device was used]{id="single"}, and whether :claim[the cart had halted]{id="halted"}.
:::

:::unknown
Who gave the order. What was in the cart. When the fourth recording was made.
:::

On the afternoon of 17 May a hand cart came down Ropewalk Lane towards a cordon. What followed took nine seconds. Three people filmed it, from a bakery, a footbridge and a balcony; none of them knew of the others. The desk has put their recordings on one clock by the sound they share.

::composite[The three recordings together. The cart enters from the left; both bangs are heard before it leaves the frame of the footbridge.]{id="together" angles="bakery,bridge,balcony" from="-4" to="5" sound="bakery"}

:moment[Somebody shouts]{footage="bakery" at="4.2"} before the first bang. At 5:02 pm, by the church bell, the lane was open.

## The wheel

The statement of 18 May puts the halt before the bang. The segment from the bakery is short; it is shown at both speeds.

::slow-motion[The front wheel between 6.0 and 7.0 seconds of the recording from the bakery.]{id="wheel" footage="bakery" from="6" to="7" speed="0.25" crop="200,120,160,90" enlarge="4"}

::enlargement[The wheel on the frame of the first bang.]{id="wheel-frame" footage="bakery" at="6.5" crop="200,120,160,90" enlarge="4"}

::still[The cordon as the cart comes to rest.]{id="rest" footage="balcony" at="8.4"}

::segment[From the footbridge, with the second bang.]{id="second" footage="bridge" from="6" to="9" warning="From 7.7 s: a loud bang and a shout, two seconds, with sound. Nobody is seen to be hurt."}

## What was said

::facsimile[The authority’s statement, first page.]{id="release" document="release" statements="one-bang,no-injury"}

> A quotation in the running text stands like this.

::quote{id="anna" statement="anna-moving"}

### Where accounts meet

::contradictions

## When

::timeline[Sounds and events of nine seconds, and what came after.]

## Who says what

::claims

## Still open

::questions
`

export const releaseLines = [
  'HARBOUR AUTHORITY',
  '',
  'Statement, 18 May 2026',
  '',
  'Yesterday at about 5 pm officers at the cordon on Ropewalk Lane',
  'met an unattended hand cart. Following the rules that apply,',
  'a single warning device was used after the cart had come to a',
  'halt. To the present knowledge of the Authority no person was',
  'hurt. The matter is being reviewed.',
] as const

/** Pixels of the page's picture; at this size the face advances by whole pixels. */
export const releaseLayout = {
  width: 1000,
  height: 1414,
  left: 110,
  top: 150,
  lineHeight: 38,
  fontSize: 21,
  advance: 13,
}

export const sampleReleaseText = releaseLines.join('\n')
