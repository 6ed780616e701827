"""A service that stores the signed-in user in Flask's signed session cookie. Its users need no password."""

import os

from flask import Flask, request, session
from werkzeug.serving import make_server

app = Flask(__name__)
app.secret_key = os.environ["SECRET"]
app.config["SESSION_REFRESH_EACH_REQUEST"] = False


@app.post("/login")
def login():
    session.clear()
    session.permanent = True
    session["user_id"] = request.args["user"]
    return ""


@app.get("/me")
def me():
    user = session.get("user_id")
    return (user, 200) if user else ("", 401)


@app.post("/write")
def write():
    user = session.get("user_id")
    if not user:
        return "", 401
    session["writes"] = session.get("writes", 0) + 1
    return user


@app.post("/logout")
def logout():
    # A permanent session leaves a signed cookie in which nobody is signed in.
    session.pop("user_id", None)
    return ""


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(f"listening at http://127.0.0.1:{server.port} now", flush=True)
    server.serve_forever()
