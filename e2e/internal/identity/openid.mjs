// Runs oidc-provider with its development login page, in which any login will
// do: `tim` is Tim, tim@<domain>. Nobody is asked for his consent.
const [module, port, redirect, id, secret, domain] = process.argv.slice(2)
const { default: Provider } = await import(module)

const nameOf = (login) => login.split('.').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(' ')

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: id, client_secret: secret, redirect_uris: [redirect] }],
  cookies: { keys: ['not-a-real-key'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  pkce: { required: () => false },
  findAccount: (ctx, login) => ({
    accountId: login,
    claims: () => ({ sub: login, name: nameOf(login), email: `${login}@${domain}`, email_verified: true }),
  }),
  async loadExistingGrant(ctx) {
    const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope('openid email profile')
    await grant.save()
    return grant
  },
})

provider.listen(Number(port), '127.0.0.1')
