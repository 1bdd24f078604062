"""Why Microsoft gives an app no token, by its codes, and what to do about it."""

ADVICE = {
    "AADSTS90002": "there is no tenant of the id in {whose}_TENANT_ID",
    "AADSTS700016": "that tenant has no app of this id: compare {whose}_APP_ID and {whose}_TENANT_ID",
    "AADSTS7000215": "the secret is wrong: {whose}_APP_PASSWORD is its value, not its id",
    "AADSTS7000222": "the secret has ended: make a new one",
    "AADSTS700027": "the certificate is not registered with the app: upload its public part there",
    "AADSTS70021": "the app has no federated credential for this identity: add one",
    "AADSTS700211": "the app has no federated credential for this issuer: add one",
    "AADSTS700213": "the app has no federated credential for this subject: add one",
}


def advised(code: str, whose: str) -> str:
    """The code and what it means; `whose` begins the variables' names, such as TEAMS."""
    return f"{code}: {ADVICE.get(code, 'Microsoft gives no token').format(whose=whose)}"
