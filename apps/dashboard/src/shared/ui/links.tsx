import { Anchor, type AnchorProps, Button, type ButtonProps, NavLink, type NavLinkProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'

type Html<Own> = Own & Omit<ComponentProps<'a'>, keyof Own>

/** A link in text to another page. */
export const TextLink = createLink((props: Html<AnchorProps>) => <Anchor {...props} />)

/** A link to another page that looks like a button. */
export const ButtonLink = createLink((props: Html<ButtonProps>) => <Button component="a" {...props} />)

/** An entry of the main navigation. */
export const MenuLink = createLink((props: Html<NavLinkProps>) => <NavLink component="a" {...props} />)
