# A service with Flask's own session: logs in whoever asks.
import sys
from datetime import timedelta

from flask import Flask, jsonify, session
from werkzeug.serving import make_server

app = Flask(__name__)
app.secret_key = sys.argv[1]
app.permanent_session_lifetime = timedelta(days=31)


@app.post("/login/<user>")
def login(user):
    session.permanent = True
    session["user_id"] = user
    return jsonify(message="in")


@app.post("/logout")
def logout():
    session.pop("user_id", None)
    return jsonify(message="out")


@app.get("/me")
def me():
    return jsonify(user=session.get("user_id"))


server = make_server("127.0.0.1", 0, app)
print(f"listening at http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
