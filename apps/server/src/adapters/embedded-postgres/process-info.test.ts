import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { factsFromPs, isPostmasterOf, isRunning, startMark } from './process-info.ts'

it('tells a running process from one that has ended', async () => {
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  expect(isRunning(pid)).toBe(true)
  expect(startMark(pid)).not.toBe(startMark(process.pid))
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isRunning(pid)).toBe(false)
  expect(startMark(pid)).toBeUndefined()
})

it('does not take a process that only waits to be reaped for a running one', async () => {
  // The shell becomes a sleep that never reaps the child the shell had.
  const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [output] = await once(parent.stdout, 'data')
  const zombie = Number(output)
  await expect.poll(() => isRunning(zombie)).toBe(false)
  expect(factsFromPs(zombie)?.state).toMatch(/^Z/)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
})

it('recognises the server of a directory by its command line, and nothing else', async () => {
  const child = spawn('sh', ['-c', 'sleep 60; exit', 'postgres', '-D', '/data/postgres'], { detached: true })
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  expect(isPostmasterOf(pid, '/data/postgres')).toBe(true)
  expect(isPostmasterOf(pid, '/elsewhere')).toBe(false)
  expect(isPostmasterOf(process.pid, '/data/postgres')).toBe(false)
  process.kill(-pid, 'SIGKILL')
  await once(child, 'exit')
})

it.runIf(existsSync('/proc/self/stat'))('finds with ps what it finds in /proc', () => {
  expect(factsFromPs(process.pid)?.state).toMatch(/^[RS]/)
  expect(factsFromPs(process.pid)?.started).toMatch(/\d\d:\d\d:\d\d/)
  expect(factsFromPs(2 ** 22 + 1)).toBeUndefined()
})
