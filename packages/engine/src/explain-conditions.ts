import { type Attributes, attributeReader } from './attributes.ts'
import type { CompiledCondition, CompiledList, CompiledSegment } from './compiled-condition.ts'
import { joined, notTestSentence, testSentence } from './explain-words.ts'
import type { ConditionStep } from './explanation.ts'
import { NO, type Question, run, Step, YES } from './step.ts'

/** What a condition is asked about. */
export interface Subject {
  readonly context: Attributes
  readonly now: number
}

function groupSentence(kind: 'all' | 'any', holds: boolean, parts: readonly ConditionStep[]): string {
  if (parts.length === 0) return kind === 'all' ? 'nothing is asked' : 'none of no conditions can hold'
  const deciding = parts.filter(part => part.holds === holds)
  const told = kind === 'any' && holds ? deciding.slice(0, 1) : deciding
  return joined(told.map(part => part.sentence))
}

function isOn(list: CompiledList | undefined, subject: Subject): boolean | undefined {
  const unitId = list?.read(subject.context)
  return list && unitId !== undefined && list.ids.has(unitId)
}

function explainSegment(segment: CompiledSegment, holds: boolean, subject: Subject): ConditionStep {
  const { condition, list, exclude, key } = segment
  const unitId = list?.read(subject.context)
  const isListed = isOn(list, subject)
  const isExcluded = isOn(exclude, subject)
  const inner = condition && explainCondition(condition, subject)
  const notListed = list
    ? [unitId === undefined ? `there is no ${list.unit}` : `${list.unit} ${unitId} is not on its list`]
    : []
  const included =
    list && isListed
      ? [`${list.unit} ${unitId} is on its list`]
      : [...(holds ? [] : notListed), ...(inner ? [inner.sentence] : [])]
  const why =
    exclude && isExcluded ? [`${exclude.unit} ${exclude.read(subject.context)} is excluded from it`] : included
  return {
    kind: 'segment',
    segment: key,
    holds,
    listed: isListed,
    excluded: isExcluded,
    parts: inner ? [inner] : [],
    sentence: `${holds ? 'in' : 'not in'} segment '${key}': ${why.length === 0 ? 'it is empty' : joined(why)}`,
  }
}

function notSentence(condition: CompiledCondition, step: ConditionStep, subject: Subject): string {
  if (condition.kind === 'test') {
    return notTestSentence(condition.test, attributeReader(condition.test.attribute)(subject.context), !step.holds)
  }
  return `${step.holds ? 'must not be so' : 'not so, as needed'}: ${step.sentence}`
}

function testHolds(questions: readonly Question[], { context, now }: Subject): boolean {
  return questions.every(question => run(new Step(question, YES, NO), context, now))
}

/** Explains one condition: each node is asked, also those that an evaluation would not have come to. */
export function explainCondition(condition: CompiledCondition, subject: Subject): ConditionStep {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const { kind } = condition
      const parts = condition.parts.map(part => explainCondition(part, subject))
      const holds = kind === 'all' ? parts.every(part => part.holds) : parts.some(part => part.holds)
      return { kind, holds, parts, sentence: groupSentence(kind, holds, parts) }
    }
    case 'not': {
      const part = explainCondition(condition.part, subject)
      return { kind: 'not', holds: !part.holds, parts: [part], sentence: notSentence(condition.part, part, subject) }
    }
    case 'segment':
      return explainSegment(condition.segment, condition.segment.holds(subject.context, subject.now), subject)
    case 'test': {
      const { test, questions } = condition
      const holds = testHolds(questions, subject)
      const found = attributeReader(test.attribute)(subject.context)
      const sentence = testSentence(test, found, holds)
      return { kind: 'test', holds, attribute: test.attribute, op: test.op, found, sentence }
    }
  }
}
