import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SAMPLE, startTestServer, type TestServer } from '../test-server.ts'
import { joinAs, setUpAdmin, type Visitor } from '../visitors.ts'

/** What would end a string, a statement, a line or a template, if anything pasted it in. */
const TEXTS = [
  "Robert'); drop table flags; --",
  `" or 1=1; delete from journal; /*`,
  String.raw`\'; select pg_sleep(10); --`,
  'x\r\nSet-Cookie: stolen=1',
  '%s %n %x $1 :name ?',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what an attacker would type
  '${7*7} {{7*7}} <%= 7*7 %> #{7*7}',
  '<script>alert(1)</script>',
  '=cmd|"/C calc"!A0',
  '\u202egnp.exe \u0001 é 𝟙 \uFFFF',
] as const

const { project, environment } = SAMPLE
const place = { project, environment, flag: 'new-pdf-engine' }

let server: TestServer
let ada: Visitor
let bert: Visitor
beforeAll(async () => {
  server = await startTestServer()
  ada = await setUpAdmin(server)
  bert = await joinAs(server, ada, { email: 'bert@example.com', role: 'engineer' })
})
afterAll(() => server.stop())

type Client = Visitor['client']

/** Every field for people's own words: stores the text and gives what is read back. */
const FIELDS: Readonly<Record<string, (client: Client, text: string, n: number) => Promise<unknown>>> = {
  'name of a flag': async (client, text, n) => {
    await client.createFlag(project, { key: `flag-${n}`, type: 'boolean', name: text, description: text })
    const { name, description } = await client.getFlag(project, `flag-${n}`)
    return [name, description]
  },
  'value of a variant': async (client, text, n) => {
    await client.createFlag(project, { key: `text-${n}`, type: 'string', variants: { a: text, b: '' } })
    return (await client.getFlag(project, `text-${n}`)).variants.a
  },
  'value in a rule': async (client, text, n) => {
    const when = { attribute: 'plan', op: 'equals' as const, value: text }
    await client.putSegment(project, `rule-${n}`, { when })
    return (await client.getSegment(project, `rule-${n}`)).when
  },
  'name of a segment': async (client, text, n) => {
    await client.putSegment(project, `segment-${n}`, { name: text })
    return (await client.getSegment(project, `segment-${n}`)).name
  },
  'id in a list': async (client, text, n) => {
    await client.putSegment(project, `list-${n}`, { list: { unit: 'account', ids: [text] } })
    return (await client.listSegmentIds(project, `list-${n}`)).ids[0]
  },
  'name of a project': async (client, text, n) => {
    await client.createProject({ key: `project-${n}`, name: text })
    return (await client.listProjects()).find(({ key }) => key === `project-${n}`)?.name
  },
  'name of a key': async (client, text) => {
    const { id } = await client.createSdkKey(project, environment, { kind: 'server', name: text })
    return (await client.listSdkKeys(project, environment)).find(key => key.id === id)?.name
  },
  'name of a personal key': async (client, text) => {
    const { id } = await client.createPersonalKey({ name: text })
    return (await client.listPersonalKeys()).find(key => key.id === id)?.name
  },
  'title and comment of a change request': async (client, text) => {
    const { id } = await client.requestChange(place, { title: text, comment: text, change: { on: false } })
    const { title, reviews } = await client.getChangeRequest(project, id)
    return [title, reviews[0]?.comment]
  },
  'attribute of an account': async (client, text, n) => {
    await client.uploadDirectory(project, { accounts: [{ id: `acc-${n}`, attributes: { plan: text } }] })
    const attributes = await client.listAttributes(project)
    return attributes.find(({ path }) => path === 'plan')?.examples.find(example => example === text)
  },
}

describe('hostile text is stored and read back as it is', () => {
  it.each(Object.entries(FIELDS))('%s', async (_field, keep) => {
    for (const [n, text] of TEXTS.entries()) {
      const read = await keep(ada.client, text, n)
      const texts = Array.isArray(read)
        ? read
        : [typeof read === 'object' && read !== null && 'value' in read ? read.value : read]
      expect(texts).toEqual(texts.map(() => text))
    }
  })

  it('also as a reason, which stands in a header and in the audit log', async () => {
    for (const text of TEXTS) {
      const answer = await bert.fetch(`/api/v1/projects/${project}/flags/${place.flag}`, {
        method: 'PATCH',
        body: JSON.stringify({ name: `PDF ${TEXTS.indexOf(text)}` }),
        headers: { 'content-type': 'application/json', 'dimmer-comment': encodeURIComponent(text) },
      })
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null])
      const { entries } = await ada.client.searchAudit(project, { limit: 1 })
      expect(entries[0]?.comment).toBe(text)
    }
    expect(await ada.client.verifyAudit()).toMatchObject({ intact: true })
  })
})
