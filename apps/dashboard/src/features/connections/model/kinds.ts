import type { ConnectionKind } from '@dimmer/protocol'

/** What the form asks for, and what the page says, of one kind of connection. */
export interface KindWords {
  readonly label: string
  /** What it is good for. */
  readonly purpose: string
  /** What one thing that passes is called. */
  readonly passes: string
  /** Of what was refused: "2 tickets of nobody we know". */
  readonly refuses: string
  readonly secret: { readonly label: string; readonly hint: string; readonly required: boolean }
  /** It has an address of its own that it calls. `usual`: where it is, unless it says otherwise. */
  readonly url?: { readonly label: string; readonly usual: string; readonly hint: string }
  /** What the other side must do with the address that it gets. */
  readonly paste?: string
  /** It is told which units have what. */
  readonly sink: boolean
}

export const KINDS: Readonly<Record<ConnectionKind, KindWords>> = {
  tickets: {
    label: 'Support desk (any)',
    purpose: 'Sends its tickets here, so that a rollout can be judged by them.',
    passes: 'ticket taken',
    refuses: 'of nobody in the directory',
    secret: {
      label: 'Secret',
      hint: 'Left empty, one is made and shown once. Each call is signed with it.',
      required: false,
    },
    paste: 'Have your desk POST each ticket to this address, signed with the secret.',
    sink: false,
  },
  zendesk: {
    label: 'Zendesk',
    purpose: 'Sends "Ticket created", so that a rollout can be judged by tickets.',
    passes: 'ticket taken',
    refuses: 'of nobody in the directory',
    secret: {
      label: 'Signing secret',
      hint: 'In Zendesk: Admin Center, Webhooks, your webhook, "Reveal secret".',
      required: true,
    },
    paste: 'In Zendesk: Admin Center, Webhooks, "Endpoint URL". Subscribe it to "Ticket created".',
    sink: false,
  },
  intercom: {
    label: 'Intercom',
    purpose: 'Sends new conversations, so that a rollout can be judged by them.',
    passes: 'conversation taken',
    refuses: 'of nobody in the directory',
    secret: {
      label: 'Client secret',
      hint: 'In Intercom: Developer Hub, your app, Basic information.',
      required: true,
    },
    paste: 'In Intercom: Developer Hub, your app, Webhooks, "Endpoint URL". Topic: conversation.user.created.',
    sink: false,
  },
  prometheus: {
    label: 'Prometheus',
    purpose: 'Gives numbers for metrics of the kind "external". One for each environment.',
    passes: 'number read',
    refuses: 'refused',
    secret: { label: 'Bearer token', hint: 'Only if Prometheus asks for one.', required: false },
    url: {
      label: 'Address',
      usual: '',
      hint: 'For example https://prometheus.example.com. One in your own network needs DIMMER_ALLOW_PRIVATE_WEBHOOKS.',
    },
    sink: false,
  },
  mixpanel: {
    label: 'Mixpanel',
    purpose: 'Is told who has which variant, as events and profile properties.',
    passes: 'assignment delivered',
    refuses: 'refused for good',
    secret: { label: 'Project token', hint: 'In Mixpanel: Settings, Project Settings.', required: true },
    url: {
      label: 'Address',
      usual: 'https://api.mixpanel.com',
      hint: 'Data in the EU: https://api-eu.mixpanel.com',
    },
    sink: true,
  },
  amplitude: {
    label: 'Amplitude',
    purpose: 'Is told who has which variant, as events, user and group properties.',
    passes: 'assignment delivered',
    refuses: 'refused for good',
    secret: { label: 'API key', hint: 'In Amplitude: Settings, Projects, your project.', required: true },
    url: {
      label: 'Address',
      usual: 'https://api2.amplitude.com',
      hint: 'Data in the EU: https://api.eu.amplitude.com',
    },
    sink: true,
  },
  webhook: {
    label: 'Webhook, as Segment takes it',
    purpose: 'Is told who has which variant, in batches, at any address.',
    passes: 'assignment delivered',
    refuses: 'refused for good',
    secret: {
      label: 'Write key',
      hint: 'Sent as the name of basic authentication. 8 characters or more.',
      required: true,
    },
    url: { label: 'Address', usual: '', hint: 'For example https://events.example.com/v1/batch' },
    sink: true,
  },
}

/** In the order in which the form offers them. */
export const KIND_ORDER: readonly ConnectionKind[] = [
  'tickets',
  'zendesk',
  'intercom',
  'prometheus',
  'mixpanel',
  'amplitude',
  'webhook',
]

export const asKind = (text: string): ConnectionKind | undefined => KIND_ORDER.find(kind => kind === text)
