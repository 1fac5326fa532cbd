"""The paths that make accounts, on the server and the router of Open WebUI.

FastAPI, Starlette, uvicorn and its parser are those that an installed Open
WebUI brings with it, set up as its own start does. Every answer of an endpoint
names it in X-Reached; whatever is none is answered as Open WebUI's pages are.
"""

import sys
from importlib.metadata import version

import uvicorn
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse


made = []


def account(path, status=200):
    """Answer for a new account, named after the request that made it."""

    async def endpoint(request: Request):
        number = request.headers.get('x-number', '')
        if path.endswith('/signup'):
            made.append(number)
        answer = {'id': number, 'name': number, 'email': number + '@example.org', 'role': 'pending'}
        return JSONResponse(answer, status, {'X-Reached': path, 'X-Account': number})

    return endpoint


auths = APIRouter()
auths.post('/signup')(account('/api/v1/auths/signup'))
auths.post('/add')(account('/api/v1/auths/add'))

scim = APIRouter()
scim.post('/Users')(account('/api/v1/scim/v2/Users', 201))

app = FastAPI(docs_url=None, openapi_url=None, redoc_url=None)
app.include_router(auths, prefix='/api/v1/auths')
app.include_router(scim, prefix='/api/v1/scim/v2')


@app.get('/server')
async def server():
    """Tell what answers here."""
    parts = {name: version(name) for name in ('fastapi', 'starlette', 'uvicorn', 'httptools')}
    return JSONResponse({'parser': config.http_protocol_class.__module__, **parts})


@app.get('/made')
async def accounts():
    """Tell which requests reached the sign-up since this was last asked."""
    answer = JSONResponse(made)
    made.clear()
    return answer


async def page(scope, receive, send):
    """Stand for the mount at / that serves the pages: GET alone, any path."""
    if scope['type'] != 'http':
        return
    answer = HTMLResponse('<!doctype html>')
    if scope['method'] not in ('GET', 'HEAD'):
        answer = PlainTextResponse('Method Not Allowed', 405)
    await answer(scope, receive, send)


app.mount('/', page)


config = uvicorn.Config(
    app, host='127.0.0.1', port=int(sys.argv[1]), forwarded_allow_ips='*', access_log=False, log_level='error'
)
config.load()

if __name__ == '__main__':
    uvicorn.Server(config).run()
