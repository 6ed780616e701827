"""A small service that issues HS256 tokens with a user_id claim and stores nothing."""

from datetime import datetime, timedelta, timezone

import jwt
from flask import Flask, jsonify, request
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.serving import make_server

app = Flask(__name__)
KEY = "token-service-secret-of-32-bytes-or-more"

users = {1: {"username": "user", "password": generate_password_hash("pass", "pbkdf2:sha256:1000")}}


def current_user():
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        return users.get(jwt.decode(token, KEY, algorithms=["HS256"]).get("user_id"))
    except jwt.PyJWTError:
        return None


@app.post("/token/login")
def login():
    body = request.get_json(silent=True) or {}
    for user_id, user in users.items():
        if user["username"] == body.get("username"):
            if check_password_hash(user["password"], str(body.get("password", ""))):
                expires = datetime.now(timezone.utc) + timedelta(hours=1)
                return jsonify(token=jwt.encode({"user_id": user_id, "exp": expires}, KEY, algorithm="HS256"))
    return jsonify(message="Invalid credentials"), 401


@app.get("/token/protected")
def protected():
    user = current_user()
    if user is None:
        return jsonify(message="Unauthorized"), 401
    return jsonify(message=f"Hello, {user['username']}!")


@app.post("/token/logout")
def logout():
    if current_user() is None:
        return jsonify(message="Unauthorized"), 401
    return jsonify(message="Logged out")


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, app)
    print(f"listening at http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()
