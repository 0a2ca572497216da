import { expect, it } from 'vitest'
import { count, inSentence, moment, oneIn, percent, plural, times } from './wording.ts'

it('writes numbers as people read them', () => {
  expect([0, 999, 1000, 10_900, 1_234_567].map(count)).toEqual(['0', '999', '1,000', '10,900', '1,234,567'])
  expect([0, 0.512, 1, 9.14, 31.2, 1234].map(times)).toEqual(['0x', '0.51x', '1x', '9.1x', '31x', '1,234x'])
  expect([0.05, 0.0717, 0.00123, 1].map(percent)).toEqual(['5 %', '7.2 %', '0.12 %', '100 %'])
  expect(['account', 'company', 'day'].map(plural)).toEqual(['accounts', 'companies', 'days'])
  expect(['Invoices created', 'PDF exports', 'É-mails', 'x'].map(inSentence)).toEqual([
    'invoices created',
    'PDF exports',
    'é-mails',
    'x',
  ])
  expect(moment(Date.UTC(2026, 2, 3, 10))).toBe('2026-03-03 10:00 UTC')
})

it('never claims rarer odds than the evidence gives', () => {
  expect([-3, 0, Math.log(47), Math.log(5999), 99].map(oneIn)).toEqual([
    '1 in 1',
    '1 in 1',
    '1 in 40',
    '1 in 5,000',
    '1 in a million',
  ])
})
