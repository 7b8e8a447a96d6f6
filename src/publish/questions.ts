import type { Element } from 'hast'
import { h } from 'hastscript'
import type { QuestionReading } from '../case/reading.ts'
import { attribution } from './claim-parts.ts'
import { zonedDay } from './time-text.ts'
import { dated, named, permalink, type StoryView } from './view.ts'

/** To whom, asked when, days unanswered, what would answer it. */
export function questionList(view: StoryView): Element {
  const { questions } = view.material.tables
  if (questions.length === 0) return h('p', 'No question is open.')
  return h(
    'ol.questions',
    questions.map((reading) => questionItem(view, reading)),
  )
}

function questionItem(view: StoryView, reading: QuestionReading): Element {
  const { question, to, answer } = reading
  const id = view.takeId(`question-${question.id}`)
  const document = view.material.case.documents.find((each) => each.id === question.document)
  return h('li', { id }, [
    h('p.question-text', { dir: 'auto' }, [question.text, ' ', permalink(id, 'this question')]),
    h('dl.facts', [
      h('div', [h('dt', 'To'), h('dd', named(to.name))]),
      h('div', [
        h('dt', 'Asked'),
        h('dd', [
          dated(view, question.asked),
          ...(document === undefined ? [] : [', in “', named(document.title), '”']),
        ]),
      ]),
      h('div', [
        h('dt', answer === undefined ? 'Unanswered' : 'Answered'),
        h('dd', daysText(view, reading)),
      ]),
      question['would-answer'] === undefined
        ? ''
        : h('div', [
            h('dt', 'Would answer it'),
            h('dd', { dir: 'auto' }, question['would-answer']),
          ]),
    ]),
    answer === undefined
      ? ''
      : h('p.answer', [
          h('q', { dir: 'auto' }, answer.statement.quote),
          ' ',
          attribution(view, answer),
        ]),
  ])
}

function daysText(view: StoryView, reading: QuestionReading): (Element | string)[] {
  const { days, answer } = reading
  if (days === undefined) return [answer === undefined ? 'since a date not known' : 'yes']
  const count = h('strong.days', `${days} ${days === 1 ? 'day' : 'days'}`)
  return answer === undefined
    ? [count, `, as of ${zonedDay(view.material, view.material.publishedAt)}`]
    : ['after ', count]
}
