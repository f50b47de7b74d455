// oidc-provider as an authorization server, and the MCP server at UPSTREAM behind it.
//
//     UPSTREAM=http://127.0.0.1:PORT/mcp node oidc.mjs PORT
//
// Clients register themselves, refresh tokens rotate, access tokens are for one resource
// and end after TOKEN_SECONDS, a device code can be typed at /device. The function
// `count` needs the scope mcp:write; everything else needs mcp:read.
import { createServer, request } from "node:http";
import { Provider, errors } from "oidc-provider";

const port = Number(process.argv[2]);
const origin = `http://127.0.0.1:${port}`;
const resource = `${origin}/mcp`;
const upstream = new URL(process.env.UPSTREAM);
const seconds = Number(process.env.TOKEN_SECONDS ?? 30);
const metadata = "/.well-known/oauth-protected-resource";

// The pages that come with it have their buttons outside of the forms.
const page = (title, form, ...buttons) =>
  `<!DOCTYPE html><title>${title}</title><h1>${title}</h1>` +
  form.replace("</form>", buttons.join("") + "</form>");

const provider = new Provider(origin, {
  cookies: { keys: [crypto.randomUUID()] },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  scopes: ["openid", "offline_access"],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed("refresh_token"),
  ttl: { AccessToken: seconds, Grant: 3600, Interaction: 600, RefreshToken: 3600, Session: 3600, DeviceCode: 600 },
  features: {
    devInteractions: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (ctx, form) => {
        ctx.body = page("Type the code", form, '<button type="submit">Continue</button>');
      },
      userCodeConfirmSource: (ctx, form, _client, _device, code) => {
        ctx.body = page(`Is it ${code}?`, form, '<button type="submit">Yes</button>');
      },
      successSource: (ctx) => {
        ctx.body = page("Done", "");
      },
    },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, indicator) => {
        if (indicator !== resource) throw new errors.InvalidTarget();
        return { scope: "mcp:read mcp:write", audience: resource, accessTokenTTL: seconds, accessTokenFormat: "opaque" };
      },
    },
  },
});
provider.on("server_error", (_ctx, error) => console.error(error));
for (const event of ["authorization.error", "grant.error", "registration_create.error", "device_authorization.error"]) {
  provider.on(event, (_ctx, error) => console.error(event, error.message, error.error_description));
}

const refuse = (response, status, error, scope) => {
  const said = error ? `error="${error}", ` : "";
  response.writeHead(status, {
    "WWW-Authenticate": `Bearer ${said}scope="${scope}", resource_metadata="${origin}${metadata}/mcp"`,
  });
  response.end();
};

async function guarded(incoming, response) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const token = incoming.headers.authorization?.replace(/^Bearer /, "");
  if (!token) return refuse(response, 401, null, "mcp:read");
  const found = await provider.AccessToken.find(token);
  if (!found || found.isExpired || found.aud !== resource) return refuse(response, 401, "invalid_token", "mcp:read");
  let message = {};
  try {
    message = JSON.parse(body.toString() || "{}");
  } catch {
    // The server behind says what it thinks of that.
  }
  const needed = message.method === "tools/call" && message.params?.name === "count" ? "mcp:write" : "mcp:read";
  if (!found.scopes.has(needed)) return refuse(response, 403, "insufficient_scope", needed);
  const { authorization, ...headers } = incoming.headers;
  const asked = request(upstream, { method: incoming.method, headers: { ...headers, host: upstream.host } }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  asked.on("error", () => response.destroy());
  response.on("close", () => asked.destroy());
  asked.end(body);
}

const callback = provider.callback();
createServer((incoming, response) => {
  const { pathname } = new URL(incoming.url, origin);
  if (pathname === "/mcp") {
    guarded(incoming, response).catch((error) => {
      console.error(error);
      response.destroy();
    });
  } else if (pathname === `${metadata}/mcp` || pathname === metadata) {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify({ resource, authorization_servers: [origin], scopes_supported: ["mcp:read", "mcp:write"] }),
    );
  } else {
    callback(incoming, response);
  }
}).listen(port, "127.0.0.1");
