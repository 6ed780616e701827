"""A small service that stores the signed-in user in Flask's signed session cookie."""

from flask import Flask, jsonify, request, session
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.serving import make_server

app = Flask(__name__)
app.secret_key = "session-service-secret"

users = {1: {"username": "user", "password": generate_password_hash("pass", "pbkdf2:sha256:1000")}}


@app.post("/session/login")
def login():
    body = request.get_json(silent=True) or {}
    for user_id, user in users.items():
        if user["username"] == body.get("username"):
            if check_password_hash(user["password"], str(body.get("password", ""))):
                session["user_id"] = user_id
                return jsonify(message="Login successful")
    return jsonify(message="Invalid credentials"), 401


@app.get("/session/protected")
def protected():
    user = users.get(session.get("user_id"))
    if user is None:
        return jsonify(message="Unauthorized"), 401
    return jsonify(message=f"Hello, {user['username']}!")


@app.post("/session/logout")
def logout():
    session.pop("user_id", None)
    return jsonify(message="Logged out")


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, app)
    print(f"listening at http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()
